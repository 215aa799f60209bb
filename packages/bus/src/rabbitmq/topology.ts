import type { Channel, ChannelModel } from 'amqplib';
import type { TopicGroups } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { type Names, topics } from './names.ts';

export interface TopologyOptions {
  names: Names;
  groups: TopicGroups;
  partitions: number;
  /** Of one queue; beyond it what is new is refused. */
  maxBytes: number;
  log: BusLog | undefined;
}

const OLDEST = [3, 10] as const;
/** Redeliveries after which a message is set aside: only a consumer that dies again and again gets there. */
const DELIVERY_LIMIT = 10_000;
const DEAD_BYTES = 64 * 1_048_576;
const AT_ONCE = 32;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 406;

/** Waiting will not change it. */
export class RabbitmqSetupError extends Error {
  override readonly name = 'RabbitmqSetupError';
}

export function checkVersion({ connection }: ChannelModel): void {
  const version = String(connection.serverProperties.version);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new RabbitmqSetupError(`RabbitMQ is version ${version}; the bus needs ${OLDEST.join('.')} or later`);
}

/** As `checkPartitions`, but makes nothing where there is nothing yet. */
export async function inspectPartitions(
  connection: ChannelModel,
  options: Pick<TopologyOptions, 'names' | 'partitions'>,
): Promise<void> {
  try {
    await withChannel(connection, (channel) => channel.checkQueue(options.names.partitions));
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return;
    throw error;
  }
  await checkPartitions(connection, options);
}

/** A message would be looked for in another queue than it was put into. */
export async function checkPartitions(
  connection: ChannelModel,
  { names, partitions }: Pick<TopologyOptions, 'names' | 'partitions'>,
): Promise<void> {
  try {
    await withChannel(connection, (channel) =>
      // What is compared when a queue is declared again are its arguments.
      channel.assertQueue(names.partitions, { durable: true, arguments: { 'x-max-length': partitions } }),
    );
  } catch (error) {
    if (!isPrecondition(error)) throw error;
    const found = /current is (?:the value )?'(\d+)'/.exec(reasonOf(error))?.[1] ?? 'another';
    throw new RabbitmqSetupError(
      `bus.partitions is ${partitions} here and ${found} on RabbitMQ (queue ${names.partitions}): it is kept for good. Set it back, or take another bus.name`,
    );
  }
}

/** Exchanges, and a queue for each topic, group and partition: made, or seen to be there. */
export async function createTopology(connection: ChannelModel, options: TopologyOptions): Promise<void> {
  const { names, groups, partitions, log } = options;
  await withChannel(connection, async (channel) => {
    await channel.assertExchange(names.live, 'direct', { durable: true });
    for (const topic of topics) await channel.assertExchange(names.exchange(topic), 'direct', { durable: true });
    await channel.assertQueue(names.dead, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-max-length-bytes': DEAD_BYTES, 'x-overflow': 'drop-head' },
    });
  });
  const places = topics.flatMap((topic) =>
    groups[topic].flatMap((group) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, group, partition })),
    ),
  );
  const [first, ...rest] = places;
  if (first === undefined) return;
  const isAsWanted = await createQueue(connection, options, first);
  if (!isAsWanted) {
    const details = { queue: names.queue(first), wantedMegabytes: options.maxBytes / 1_048_576 };
    log?.warn(
      details,
      'Queues were made with other arguments (rabbitmq.maxMegabytes?) and keep them until they are deleted',
    );
  }
  await withChannel(connection, async (channel) => {
    for (let start = 0; start < rest.length; start += AT_ONCE) {
      const chunk = rest.slice(start, start + AT_ONCE);
      await Promise.all(
        chunk.map(async (place) => {
          const queue = names.queue(place);
          if (isAsWanted) await channel.assertQueue(queue, queueOptions(options));
          else await channel.checkQueue(queue);
          await channel.bindQueue(queue, names.exchange(place.topic), String(place.partition));
        }),
      );
    }
  });
}

/** Whether it has the arguments that it should have. */
async function createQueue(
  connection: ChannelModel,
  options: TopologyOptions,
  place: Parameters<Names['queue']>[0],
): Promise<boolean> {
  const queue = options.names.queue(place);
  const bind = (channel: Channel) =>
    channel.bindQueue(queue, options.names.exchange(place.topic), String(place.partition));
  try {
    await withChannel(connection, async (channel) => {
      await channel.assertQueue(queue, queueOptions(options));
      await bind(channel);
    });
    return true;
  } catch (error) {
    if (!isPrecondition(error)) throw error;
    await withChannel(connection, bind);
    return false;
  }
}

function queueOptions({ names, maxBytes }: TopologyOptions) {
  return {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-single-active-consumer': true,
      'x-max-length-bytes': maxBytes,
      'x-overflow': 'reject-publish',
      'x-delivery-limit': DELIVERY_LIMIT,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': names.dead,
    },
  };
}

/** A channel of its own: an error closes it, and nothing else. */
export async function withChannel<Result>(
  connection: ChannelModel,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await connection.createChannel();
  let failure: Error | undefined;
  channel.on('error', (error) => {
    failure = error;
  });
  try {
    const result = await work(channel);
    await channel.close();
    return result;
  } catch (error) {
    channel.close().catch(() => {});
    throw failure ?? error;
  }
}

const isPrecondition = (error: unknown): boolean => hasCode(error, PRECONDITION_FAILED);

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** In words for the operator, what kept the bus from starting. */
export function setupProblem(error: unknown, place: string): Error {
  if (error instanceof RabbitmqSetupError) return error;
  return new Error(
    `RabbitMQ at ${place} can not be used (${reasonOf(error)}): check that it runs, that it can be reached, and user, password and vhost in rabbitmq.url`,
  );
}
