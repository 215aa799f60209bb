import type { BatchHandler, ConnectedBus, ConsumeOptions, Envelope, Topic, TopicContents } from '@ocpp-csms/bus';
import type { Span, Tracer } from '@ocpp-csms/runtime';
import { wrapBus } from './wrap-bus.ts';

/** The same bus, on which messages that are followed leave their trace: given to it, taken by a group, sent to a node. */
export function tracedBus(bus: ConnectedBus, tracer: Tracer): ConnectedBus {
  const handOver = (name: string, destination: string, envelope: Partial<Envelope>) =>
    envelope.traceparent === undefined
      ? undefined
      : tracer.start(name, {
          kind: 'producer',
          parent: envelope.traceparent,
          attributes: { 'messaging.system': 'ocpp-csms', 'messaging.destination.name': destination },
        });

  function traced<T extends Topic>(topic: T, group: string, handler: BatchHandler<TopicContents[T]>) {
    const take: BatchHandler<TopicContents[T]> = (batch) => {
      const spans = batch.map((content) => taken(topic, group, content));
      if (spans.every((span) => span === undefined)) return handler(batch);
      return endWith(spans, handler(batch));
    };
    return take;
  }

  function taken(topic: Topic, group: string, { traceparent, body }: Partial<Envelope>): Span | undefined {
    if (traceparent === undefined) return undefined;
    return tracer.start(`${group}: ${body?.messageType}`, {
      kind: 'consumer',
      parent: traceparent,
      attributes: {
        'messaging.system': 'ocpp-csms',
        'messaging.destination.name': topic,
        'messaging.consumer.group.name': group,
      },
    });
  }

  return wrapBus(bus, {
    publish(topic, content, options) {
      const span = handOver(`publish on ${topic}`, topic, content);
      const publishing = bus.publish(topic, content, options);
      return span === undefined ? publishing : endWith([span], publishing);
    },
    consume<T extends Topic>(
      topic: T,
      group: string,
      handler: BatchHandler<TopicContents[T]>,
      options?: ConsumeOptions,
    ) {
      return bus.consume(topic, group, traced(topic, group, handler), options);
    },
    send(node, envelope, options) {
      const span = handOver(`send to ${node}`, node, envelope);
      const sending = bus.send(node, envelope, options);
      return span === undefined ? sending : endWith([span], sending);
    },
  });
}

async function endWith<Result>(spans: readonly (Span | undefined)[], work: Promise<Result> | Result): Promise<Result> {
  try {
    const result = await work;
    for (const span of spans) span?.end();
    return result;
  } catch (error) {
    for (const span of spans) span?.end({ failed: String(error) });
    throw error;
  }
}
