import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import type { Place } from '../broker/transport.ts';
import type { Topic, TopicGroups } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import type { NatsNames } from './names.ts';
import type { NatsOptions } from './nats-options.ts';
import { NatsSetupError } from './setup-error.ts';

export interface TopologyOptions {
  nats: Pick<NatsOptions, 'replicas' | 'maxBytes'>;
  names: NatsNames;
  groups: TopicGroups;
  partitions: number;
  maxUnacknowledged: number;
  /** A message that is published again within it is stored once. */
  duplicateWindowMs: number;
  log: BusLog | undefined;
}

const TOPICS: readonly Topic[] = ['MessagesIn', 'MessagesSent', 'Events'];
/** Redelivery is asked for by whoever takes over (`partition-consumer.ts`), not left to this. */
export const ACK_WAIT_MS = 3_600_000;
/** The largest message of a stream that takes none, in bytes: no envelope is that short. */
const NOTHING = 1;
const UNLIMITED = -1;
/** Of consumers that are made at once. */
const AT_ONCE = 16;

/** The streams and durable consumers of all groups: made where they are missing, compared where they are there. */
export async function ensureTopology(connection: NatsConnection, options: TopologyOptions): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const topic of TOPICS) {
    if (options.groups[topic].length === 0) continue;
    const wanted = streamConfig(topic, options);
    const found = await findOrCreateStream(manager, wanted);
    await ensureConsumers(manager, topic, options);
    if (isChanged(found, wanted))
      await inWords(`the stream ${wanted.name}`, manager.streams.update(wanted.name, wanted));
  }
}

/** Throws when a stream is there and not as it has to be. Makes and changes nothing. */
export async function checkTopology(connection: NatsConnection, options: TopologyOptions): Promise<void> {
  const manager = await inWords('JetStream', jetstreamManager(connection));
  for (const topic of TOPICS) {
    if (options.groups[topic].length === 0) continue;
    const wanted = streamConfig(topic, options);
    try {
      verifyStream((await manager.streams.info(wanted.name)).config, wanted);
    } catch (error) {
      if (!isNotFound(error)) throw asSetupError(`the stream ${wanted.name}`, error);
    }
  }
}

/**
 * A new stream takes nothing until its consumers are there: what is published meanwhile would be confirmed, and dropped
 * because nobody wants it.
 */
async function findOrCreateStream(manager: JetStreamManager, wanted: Wanted): Promise<StreamConfig> {
  const what = `the stream ${wanted.name}`;
  try {
    const { config } = await manager.streams.info(wanted.name);
    verifyStream(config, wanted);
    return config;
  } catch (error) {
    if (!isNotFound(error)) throw asSetupError(what, error);
    const closed = { ...wanted, max_msg_size: NOTHING };
    return (await inWords(what, manager.streams.add(closed))).config;
  }
}

function streamConfig(topic: Topic, { nats, names, partitions, duplicateWindowMs }: TopologyOptions) {
  return {
    name: names.stream(topic),
    description: descriptionOf(topic, partitions),
    subjects: [names.subjects(topic)],
    // A message goes when the last group has acknowledged it, and stays for a group that has not begun to consume.
    retention: RetentionPolicy.Interest,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_bytes: nats.maxBytes,
    max_msg_size: UNLIMITED,
    num_replicas: nats.replicas,
    duplicate_window: nanos(duplicateWindowMs),
  } satisfies Partial<StreamConfig>;
}

function descriptionOf(topic: Topic, partitions: number): string {
  return `${topic} of ocpp-csms in ${partitions} partitions`;
}

type Wanted = ReturnType<typeof streamConfig>;

/** What cannot be changed in a stream that exists. */
function verifyStream(found: StreamConfig, wanted: Wanted): void {
  const advice = `delete the stream when it is empty (nats stream rm ${wanted.name}), or choose another bus.name`;
  for (const property of ['retention', 'storage'] as const) {
    if (found[property] === wanted[property]) continue;
    throw new NatsSetupError(
      `The NATS stream ${wanted.name} has ${property} "${found[property]}" and must have "${wanted[property]}": ${advice}`,
    );
  }
  if (found.description !== wanted.description) {
    throw new NatsSetupError(
      `The NATS stream ${wanted.name} was made for "${found.description ?? 'something else'}" and not for "${wanted.description}": ` +
        `bus.partitions must be the same for all nodes and stay as it is (docs/operations/nats.md says how to change it)`,
    );
  }
}

function isChanged(found: StreamConfig, wanted: Wanted): boolean {
  const { subjects, ...plain } = wanted;
  if (found.subjects?.join() !== subjects.join()) return true;
  return (Object.keys(plain) as (keyof typeof plain)[]).some((property) => found[property] !== plain[property]);
}

async function ensureConsumers(manager: JetStreamManager, topic: Topic, options: TopologyOptions): Promise<void> {
  const { names, groups, partitions, log } = options;
  const stream = names.stream(topic);
  const unknown = new Set<string>();
  for await (const { name } of manager.consumers.list(stream)) unknown.add(name);
  const missing: Place[] = [];
  for (const group of groups[topic]) {
    for (let partition = 0; partition < partitions; partition++) {
      const place = { topic, group, partition };
      if (!unknown.delete(names.consumer(place))) missing.push(place);
    }
  }
  while (missing.length > 0) {
    await Promise.all(missing.splice(0, AT_ONCE).map((place) => createConsumer(manager, place, options)));
  }
  if (unknown.size > 0) {
    const consumers = [...unknown].slice(0, 10).join(', ');
    log?.warn(
      { stream, consumers, count: unknown.size },
      'Consumers of this NATS stream belong to no group in the settings: messages wait for them until the stream is full; delete them with nats consumer rm unless somebody else needs them',
    );
  }
}

async function createConsumer(manager: JetStreamManager, place: Place, options: TopologyOptions): Promise<void> {
  const stream = options.names.stream(place.topic);
  const what = `the consumer ${options.names.consumer(place)} of the stream ${stream}`;
  await inWords(what, manager.consumers.add(stream, consumerConfig(place, options)));
}

function consumerConfig(place: Place, { names, maxUnacknowledged }: TopologyOptions): Partial<ConsumerConfig> {
  return {
    durable_name: names.consumer(place),
    filter_subject: names.subject(place.topic, place.partition),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: maxUnacknowledged,
    max_deliver: -1,
  };
}

/** A stream or consumer that is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}

async function inWords<Result>(what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw asSetupError(what, error);
  }
}

/** What the server refuses will be refused again; that it did not answer may pass. */
function asSetupError(what: string, error: unknown): Error {
  if (error instanceof NatsSetupError) return error;
  const words = `NATS: ${what} cannot be made or read: ${reasonOf(error)}`;
  return error instanceof JetStreamApiError && error.status < 500 ? new NatsSetupError(words) : new Error(words);
}
