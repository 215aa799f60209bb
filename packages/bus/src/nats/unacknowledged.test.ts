import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsServer, noNatsServer, startNatsServer, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ackSubject, unacknowledgedOf } from './unacknowledged.ts';

let server: NatsServer;
let connection: NatsConnection;

beforeAll(async () => {
  if (noNatsServer !== undefined) return;
  server = await startNatsServer();
  connection = await connect({ servers: server.url });
});
afterAll(async () => {
  await connection?.close();
  await server?.remove();
});

test('what was delivered and is unacknowledged is read from the stream, of one subject, and can be acknowledged', async ({
  skip,
}) => {
  if (noNatsServer !== undefined) return skip(noNatsServer);
  const manager = await jetstreamManager(connection);
  const [stream, consumer] = ['S', 'group-0'];
  await manager.streams.add({ name: stream, subjects: ['s.*'], retention: RetentionPolicy.Interest });
  for (const [name, subject] of [
    [consumer, 's.0'],
    ['other-1', 's.1'],
  ]) {
    await manager.consumers.add(stream, {
      durable_name: name,
      filter_subject: subject,
      ack_policy: AckPolicy.Explicit,
    });
  }
  const client = jetstream(connection);
  // 1 to 6: every second one is of the other partition.
  for (let number = 1; number <= 6; number++) await client.publish(`s.${number % 2}`, `message ${number}`);
  const group = await client.consumers.get(stream, consumer);
  const batch = await group.fetch({ max_messages: 3, expires: 2000 });
  for await (const { seq } of batch) if (seq === 6) break;
  const info = await manager.consumers.info(stream, consumer);
  expect(info.num_ack_pending).toBe(3);
  connection.publish(ackSubject(stream, consumer, 2), '+ACK');
  const read: [number, string][] = [];
  const after = await until('the first counts as acknowledged', async () => {
    const now = await manager.consumers.info(stream, consumer);
    return now.ack_floor.stream_seq >= 2 && now;
  });
  for await (const { seq, data } of unacknowledgedOf(manager, after)) read.push([seq, Buffer.from(data).toString()]);
  expect(read).toEqual([
    [4, 'message 4'],
    [6, 'message 6'],
  ]);

  for (const sequence of [4, 6]) connection.publish(ackSubject(stream, consumer, sequence), '+ACK');
  await until('nothing is unacknowledged', async () => {
    const { num_ack_pending: pending } = await manager.consumers.info(stream, consumer);
    return pending === 0;
  });
  await until('the stream has let go of them', async () => {
    const { state } = await manager.streams.info(stream);
    return state.messages === 3;
  });
});
