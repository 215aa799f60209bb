import type { ConsumerInfo, JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { isNotFound } from './topology.ts';

/**
 * What a consumer was given before and nobody acknowledged, from the stream itself, in its order: all of its subject between
 * the last acknowledgement without a gap and the last delivery. Among it may be what was acknowledged already and waits
 * for another group.
 *
 * Not left to the server's redelivery: a server that crashed may count a message as delivered, and not know any more to
 * whom, and then it delivers it never (seen with nats-server 2.9, kill -9).
 */
export async function* unacknowledgedOf(
  manager: JetStreamManager,
  { stream_name: stream, config, ack_floor, delivered }: ConsumerInfo,
): AsyncGenerator<StoredMsg> {
  const { filter_subject: subject = '>' } = config;
  for (let sequence = ack_floor.stream_seq + 1; sequence <= delivered.stream_seq; ) {
    const message = await nextMessage(manager, stream, subject, sequence);
    if (message === undefined || message.seq > delivered.stream_seq) return;
    yield message;
    sequence = message.seq + 1;
  }
}

async function nextMessage(
  manager: JetStreamManager,
  stream: string,
  subject: string,
  sequence: number,
): Promise<StoredMsg | undefined> {
  // The next one of this subject, from here on: the client's type knows that of other requests alone.
  const query = { seq: sequence, next_by_subj: subject };
  try {
    return (await manager.streams.getMessage(stream, query)) ?? undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Where the acknowledgement of a message goes that did not come by a delivery (ADR-15): the server looks at its sequence. */
export function ackSubject(stream: string, consumer: string, streamSequence: number): string {
  return `$JS.ACK.${stream}.${consumer}.1.${streamSequence}.0.0.0`;
}
