import type { PubSub, Subscription } from '@google-cloud/pubsub';
import type { Topic, TopicGroups } from '../bus.ts';
import type { PubsubNames } from './names.ts';
import { STATUS, statusOf, wordsOf } from './status.ts';

/** What is on the server is not as it has to be, or cannot be made so, and waiting will not change it. */
export class PubsubSetupError extends Error {
  override readonly name = 'PubsubSetupError';
}

const DAY_SECONDS = 86_400;
/** How long Pub/Sub keeps what nobody acknowledged. */
const RETENTION_SECONDS = 7 * DAY_SECONDS;
const ACK_DEADLINE_SECONDS = 60;
/** The shortest that Pub/Sub takes: the subscription of a process that was killed goes away by itself. */
const PROCESS_EXPIRES_SECONDS = DAY_SECONDS;
const PROCESS_RETENTION_SECONDS = 600;

export interface TopologyOptions {
  client: PubSub;
  names: PubsubNames;
  /** Milliseconds that each call may take. */
  timeoutMs: number;
}

/** Topics, and for each group of the settings a subscription: made, or found to be as they have to be. Rejects with `PubsubSetupError`. */
export async function ensureTopology(options: TopologyOptions, groups: TopicGroups): Promise<void> {
  await ensureTopic(options, options.names.processes);
  for (const [topic, named] of Object.entries(groups) as [Topic, readonly string[]][]) {
    await ensureTopic(options, options.names.topic(topic));
    await Promise.all(named.map((group) => ensureGroup(options, topic, group)));
  }
}

/** Whether the topics could be read, or made where they are not there yet. Makes nothing. */
export async function inspectTopic({ client, names, timeoutMs }: TopologyOptions): Promise<void> {
  const name = names.topic('MessagesIn');
  try {
    await client.topic(name).getMetadata(onceWithin(timeoutMs));
  } catch (error) {
    if (statusOf(error) !== STATUS.notFound) throw setupError(`topic ${name}`, error);
  }
}

/** A subscription made here gets what is published from now on. */
export async function ensureGroup({ client, names, timeoutMs }: TopologyOptions, topic: Topic, group: string) {
  const name = names.subscription(topic, group);
  const subscription = client.subscription(name);
  const found = await metadataOf(subscription, timeoutMs);
  if (found) return verify(name, names.topic(topic), found);
  await makeUnlessThere(`subscription ${name}`, () =>
    client.topic(names.topic(topic)).createSubscription(name, {
      enableMessageOrdering: true,
      ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
      messageRetentionDuration: RETENTION_SECONDS,
      // Without a time to live: a group that nobody consumes for must find its messages again.
      expirationPolicy: {},
      gaxOpts: onceWithin(timeoutMs),
    }),
  );
}

/** The subscription of one process, which gets what is meant for it or for all. */
export async function createProcessSubscription(options: TopologyOptions, member: string): Promise<string> {
  const { client, names, timeoutMs } = options;
  const name = names.process(member);
  await makeUnlessThere(`subscription ${name}`, () =>
    client.topic(names.processes).createSubscription(name, {
      enableMessageOrdering: true,
      filter: `attributes.to = "${member}" OR attributes.to = "*"`,
      ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
      messageRetentionDuration: PROCESS_RETENTION_SECONDS,
      expirationPolicy: { ttl: { seconds: PROCESS_EXPIRES_SECONDS } },
      gaxOpts: onceWithin(timeoutMs),
    }),
  );
  return name;
}

/** No repeats of the library: who calls decides what comes next. */
export function onceWithin(timeoutMs: number): { timeout: number; retry: null; isBundling: false } {
  return { timeout: timeoutMs, retry: null, isBundling: false };
}

type Metadata = NonNullable<Subscription['metadata']>;

async function ensureTopic({ client, timeoutMs }: TopologyOptions, name: string): Promise<void> {
  const topic = client.topic(name);
  try {
    await topic.getMetadata(onceWithin(timeoutMs));
  } catch (error) {
    if (statusOf(error) !== STATUS.notFound) throw setupError(`topic ${name}`, error);
    await makeUnlessThere(`topic ${name}`, () => topic.create(onceWithin(timeoutMs)));
  }
}

async function metadataOf(subscription: Subscription, timeoutMs: number): Promise<Metadata | undefined> {
  try {
    const [metadata] = await subscription.getMetadata(onceWithin(timeoutMs));
    return metadata;
  } catch (error) {
    if (statusOf(error) === STATUS.notFound) return undefined;
    throw setupError(`subscription ${subscription.name}`, error);
  }
}

/** Other nodes may start at the same time. */
async function makeUnlessThere(what: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (statusOf(error) !== STATUS.alreadyExists) throw setupError(what, error);
  }
}

function verify(name: string, topic: string, { enableMessageOrdering, topic: found }: Metadata): void {
  if (found === '_deleted-topic_') {
    throw new PubsubSetupError(
      `Pub/Sub: the topic of the subscription ${name} was deleted; delete the subscription too`,
    );
  }
  if (found?.endsWith(`/${topic}`) === false) {
    throw new PubsubSetupError(`Pub/Sub: the subscription ${name} belongs to ${found}: choose another bus.name`);
  }
  if (enableMessageOrdering) return;
  throw new PubsubSetupError(
    `Pub/Sub: the subscription ${name} was made without ordering of messages, which cannot be changed: delete it, once it is empty`,
  );
}

function setupError(what: string, error: unknown): PubsubSetupError {
  return new PubsubSetupError(`Pub/Sub: ${what}: ${wordsOf(error)}`);
}
