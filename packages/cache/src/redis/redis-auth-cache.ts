import { randomUUID } from 'node:crypto';
import type { AuthCache, AuthRecord, CacheLog } from '../cache.ts';
import { createScript, type RedisLink } from './redis-link.ts';

type ChangeListener = (networkId: string, record: AuthRecord | undefined) => void;

/**
 * One hash holds the records and the marks, so that nothing can take the records away and leave "complete" behind.
 * Records have `=` before their networkId.
 */
const recordField = (networkId: string): string => `=${networkId}`;
const completeField = 'complete';
const fillingField = 'filling';

/** The revisions have a hash of their own: listing the networkIds does not carry every record over the network. */
const put = createScript(`
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known and tonumber(known) > tonumber(ARGV[2]) and redis.call('HEXISTS', KEYS[1], '=' .. ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], '=' .. ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return 1
`);

const remove = createScript(`
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HDEL', KEYS[1], '=' .. ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[3], ARGV[2]) end
return 1
`);

/** ARGV: the run of the server, the filling or '' for any. */
const complete = createScript(`
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], '${fillingField}') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], '${completeField}', ARGV[1])
return 1
`);

const startFilling = createScript(`
redis.call('HSETNX', KEYS[1], '${fillingField}', ARGV[1])
return redis.call('HGET', KEYS[1], '${fillingField}')
`);

const scanCount = 1000;

export interface RedisAuthCacheOptions {
  link: RedisLink;
  /** Another connection: the one that hears of changes. */
  hearing: RedisLink;
  prefix: string;
  log: CacheLog;
}

/** Resolves when changes are heard. Rejects with `CacheUnavailable`. */
export async function createRedisAuthCache({ link, hearing, prefix, log }: RedisAuthCacheOptions): Promise<AuthCache> {
  const records = `${prefix}auth:records`;
  const revisions = `${prefix}auth:revisions`;
  const changes = await hearChanges({ hearing, channel: `${prefix}auth:changes`, log });

  return {
    async get(networkId) {
      const text = await link.run((redis) => redis.hget(records, recordField(networkId)));
      return text === null ? undefined : (JSON.parse(text) as AuthRecord);
    },
    async put(record) {
      const { networkId, revision } = record;
      await link.script(put, [records, revisions], [networkId, revision, JSON.stringify(record), changes.channel]);
    },
    async delete(networkId) {
      await link.script(remove, [records, revisions], [networkId, JSON.stringify(networkId), changes.channel]);
    },
    // A server that restarted may have lost its last moments: what was complete for another run is not for this one.
    async isComplete() {
      const [runId, marked] = await Promise.all([
        link.runId(),
        link.run((redis) => redis.hget(records, completeField)),
      ]);
      return marked === runId;
    },
    async startFilling() {
      const runId = await link.runId();
      return `${runId} ${String(await link.script(startFilling, [records], [randomUUID()]))}`;
    },
    async setComplete(value, filling) {
      if (!value) return void (await link.run((redis) => redis.hdel(records, completeField)));
      const runId = await link.runId();
      const [filledIn, name = ''] = filling?.split(' ') ?? [runId];
      if (filledIn === runId) await link.script(complete, [records], [runId, name]);
    },
    onChange: changes.onChange,
    onMissedChanges: changes.onMissed,
    async networkIds() {
      const ids = new Set<string>();
      let cursor = '0';
      do {
        const [next, fields] = await link.run((redis) => redis.hscan(revisions, cursor, 'COUNT', scanCount));
        for (let index = 0; index < fields.length; index += 2) ids.add(fields[index] ?? '');
        cursor = next;
      } while (cursor !== '0');
      return [...ids];
    },
  };
}

interface Changes {
  channel: string;
  onChange(listener: ChangeListener): () => void;
  onMissed(listener: () => void): () => void;
}

async function hearChanges({
  hearing,
  channel,
  log,
}: {
  hearing: RedisLink;
  channel: string;
  log: CacheLog;
}): Promise<Changes> {
  const listeners = new Set<ChangeListener>();
  const missed = new Set<() => void>();
  hearing.redis.on('message', (_channel, message) => {
    const change = JSON.parse(message) as AuthRecord | string;
    // Each has a copy: a message is the text of one.
    for (const listener of listeners) {
      if (typeof change === 'string') listener(change, undefined);
      else listener(change.networkId, JSON.parse(message) as AuthRecord);
    }
  });
  hearing.onBack(() => {
    // Before it is subscribed again a change may still be missed.
    hearing
      .run((redis) => redis.subscribe(channel))
      .then(() => {
        for (const listener of missed) listener();
      })
      .catch((error: unknown) => log.warn({ reason: String(error) }, 'Changes of auth records are not heard yet'));
  });
  await hearing.run((redis) => redis.subscribe(channel));
  return {
    channel,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onMissed(listener) {
      missed.add(listener);
      return () => missed.delete(listener);
    },
  };
}
