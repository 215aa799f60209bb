import type { Redis } from 'ioredis';
import type { TopicGroups } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { type Keys, topics } from './keys.ts';
import { isReplyError } from './redis-client.ts';

export interface PrepareOptions {
  redis: Redis;
  keys: Keys;
  groups: TopicGroups;
  partitions: number;
  place: string;
  log: BusLog | undefined;
}

const OLDEST_MAJOR = 7;
const COMMANDS_AT_ONCE = 500;

/** Rejects, with words for the operator, when this Redis can't be the bus. Says in the log what it may lose. */
export async function checkServer(options: PrepareOptions): Promise<void> {
  await checkVersion(options);
  await options.redis.setnx(options.keys.partitions, options.partitions);
  await checkPartitions(options);
  await warnOfLosses(options);
}

export type InspectedRedis = Pick<PrepareOptions, 'redis' | 'keys' | 'partitions' | 'place' | 'log'>;

/** The same for a Redis that may be as new: makes and changes nothing. Resolves with its version. */
export async function inspectServer(options: InspectedRedis): Promise<string> {
  const version = await checkVersion(options);
  if ((await options.redis.exists(options.keys.partitions)) === 1) await checkPartitions(options);
  await warnOfLosses(options);
  return version;
}

async function checkVersion({ redis, place }: InspectedRedis): Promise<string> {
  const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? '';
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    throw new Error(`Redis at ${place} is version ${version}; the bus needs ${OLDEST_MAJOR} or later`);
  return version;
}

/** A message would be looked for in another stream than it was put into. */
async function checkPartitions({ redis, keys, partitions }: InspectedRedis): Promise<void> {
  const found = await redis.get(keys.partitions);
  if (found !== String(partitions))
    throw new Error(
      `bus.partitions is ${partitions} here and ${found} on Redis (${keys.partitions}): it is kept for good. Set it back, or take another bus.name`,
    );
}

async function warnOfLosses({ redis, place, log }: InspectedRedis): Promise<void> {
  const [appendonly, appendfsync, eviction] = await Promise.all(
    ['appendonly', 'appendfsync', 'maxmemory-policy'].map((name) => readSetting(redis, name)),
  );
  if (appendonly === undefined || appendfsync === undefined)
    log?.warn(
      { redis: place },
      'Redis does not tell how it stores (CONFIG is forbidden): see that appendonly is yes and appendfsync is always',
    );
  else if (appendonly !== 'yes')
    log?.warn(
      { redis: place, appendonly },
      'Redis keeps the messages in memory alone: a restart loses what was answered and not handled yet. Set appendonly yes and appendfsync always',
    );
  else if (appendfsync !== 'always')
    log?.warn(
      { redis: place, appendfsync },
      'Redis writes to its disk after it has confirmed: a power cut loses what was answered in the last second (everysec) or longer (no). Set appendfsync always',
    );
  if (eviction !== undefined && eviction !== 'noeviction')
    log?.warn(
      { redis: place, 'maxmemory-policy': eviction },
      'Redis throws out keys when its memory is full, messages among them: set maxmemory-policy noeviction',
    );
}

async function readSetting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const found = (await redis.config('GET', name)) as string[];
    return found[1];
  } catch {
    return undefined;
  }
}

/** The streams and their groups, wherever they are not there yet. */
export async function createStreams({ redis, keys, groups, partitions }: PrepareOptions): Promise<void> {
  const wanted = topics.flatMap((topic) =>
    Array.from({ length: partitions }, (_, partition) => keys.stream({ topic, partition })).flatMap((stream) =>
      groups[topic].map((group) => [stream, group] as const),
    ),
  );
  for (let start = 0; start < wanted.length; start += COMMANDS_AT_ONCE) {
    const chunk = wanted.slice(start, start + COMMANDS_AT_ONCE);
    await Promise.all(chunk.map(([stream, group]) => createGroup(redis, stream, group)));
  }
}

export async function createGroup(redis: Redis, stream: string, group: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    if (!isReplyError(error, 'BUSYGROUP')) throw error;
  }
}

/** A group that nobody reads any more holds the messages back: only an operator knows whether it comes again. */
export async function warnOfOtherGroups({ redis, keys, groups, log }: PrepareOptions): Promise<void> {
  for (const topic of topics) {
    const stream = keys.stream({ topic, partition: 0 });
    try {
      const found = (await redis.xinfo('GROUPS', stream)) as unknown[][];
      const names = found.map((info) => String(info[info.indexOf('name') + 1]));
      const others = names.filter((name) => !groups[topic].includes(name));
      if (others.length === 0) continue;
      log?.warn(
        { topic, groups: others },
        'Redis keeps the messages of this topic for groups that the settings do not name; until they are read, or taken out with XGROUP DESTROY, the streams grow',
      );
    } catch (error) {
      log?.warn({ topic, reason: reasonOf(error) }, 'The groups on Redis could not be looked at');
    }
  }
}
