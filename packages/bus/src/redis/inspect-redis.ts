import { reasonOf } from '../delivery/reasons.ts';
import type { InspectOptions } from '../inspect-options.ts';
import type { RedisOptions } from './create-redis-bus.ts';
import { Keys } from './keys.ts';
import { inspectServer } from './prepare.ts';
import { createRedisClient, placeOf, unreachable } from './redis-client.ts';

export async function inspectRedis({ url, name }: RedisOptions, options: InspectOptions): Promise<string> {
  const { partitions, log } = options;
  const redis = createRedisClient(url, `${name}-inspect`);
  let lastError = '';
  redis.on('error', (error) => {
    lastError = reasonOf(error);
  });
  try {
    await redis.connect().catch((error: unknown) => {
      throw new Error(unreachable(url, lastError || reasonOf(error)));
    });
    const place = placeOf(url);
    const version = await inspectServer({ redis, keys: new Keys(name), partitions, place, log });
    return `Redis ${version} at ${place}`;
  } finally {
    redis.disconnect();
  }
}
