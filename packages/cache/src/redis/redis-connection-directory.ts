import { randomUUID } from 'node:crypto';
import type { CacheLog, ConnectionDirectory, ConnectionEntry, OcppProtocol, Renewal } from '../cache.ts';
import * as scripts from './directory-scripts.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisConnectionDirectoryOptions {
  link: RedisLink;
  prefix: string;
  log: CacheLog;
  /** Milliseconds since 1970; absent: the clock of Redis, which is the same for all nodes. */
  clock: (() => number) | undefined;
}

/** Entries that are written again in one script: some milliseconds of Redis' time. */
const restoreChunk = 500;
const scanCount = 1000;
/** A node that was not heard of for so long is forgotten. */
const forgetNodesMs = 7 * 86_400_000;

/** What of an entry neither Redis nor a script has to understand. */
interface Rest {
  node: string;
  protocol: OcppProtocol;
  remoteAddress?: string;
}

/** One unbroken time of a node (directory-scripts.ts). */
interface Incarnation {
  id: string;
  isFirst: boolean;
  /** Of the link, when all that it put into the directory was known to be there. */
  failures: number;
}

export function createRedisConnectionDirectory({
  link,
  prefix,
  log,
  clock,
}: RedisConnectionDirectoryOptions): ConnectionDirectory {
  const connections = `${prefix}connections`;
  const leases = `${prefix}connections:leases`;
  const nodes = `${prefix}connections:nodes`;
  const epoch = `${prefix}connections:epoch`;
  const incarnations = new Map<string, Incarnation>();
  // What this process has seen: a Redis that was emptied, with a clock that was set back, gives no lower one.
  let highestSeen = 0;

  const now = () => (clock === undefined ? '' : String(Math.floor(clock())));

  function incarnationOf(node: string): Incarnation {
    let known = incarnations.get(node);
    if (known === undefined) {
      known = { id: randomUUID(), isFirst: true, failures: link.failures };
      incarnations.set(node, known);
    }
    return known;
  }

  function read(networkId: string, value: string, lease?: string): ConnectionEntry {
    const entry = readEntry(networkId, value, lease);
    highestSeen = Math.max(highestSeen, entry.epoch);
    return entry;
  }

  async function renewLease(node: string, leaseMs: number, before = ''): Promise<string> {
    const incarnation = incarnationOf(node);
    const first = incarnation.isFirst ? '1' : '';
    const args = [now(), node, incarnation.id, before, leaseMs, first];
    const state = String(await link.script(scripts.renew, [nodes, leases], args));
    if (state === 'forgotten' && incarnation.isFirst) return 'kept';
    return state;
  }

  /**
   * Redis was away, or a call failed so that nobody knows whether it was done: what is open now is written again under
   * a new name of this node, and what else it had in the directory counts no more.
   */
  async function rejoin(node: string, leaseMs: number, held: () => Iterable<ConnectionEntry>): Promise<Renewal> {
    const { id: before, isFirst } = incarnationOf(node);
    const { failures } = link;
    const incarnation: Incarnation = { id: randomUUID(), isFirst, failures };
    const replaced: ConnectionEntry[] = [];
    incarnations.set(node, incarnation);
    try {
      let chunk: string[] = [];
      // Each chunk is as things are when it is sent: a connection that closes later is released later, too.
      for (const entry of held()) {
        chunk.push(entry.networkId, String(entry.epoch), String(Date.parse(entry.since)), restOf(entry));
        if (chunk.length < 4 * restoreChunk) continue;
        replaced.push(...(await restore(incarnation.id, leaseMs, chunk)));
        chunk = [];
      }
      if (chunk.length > 0) replaced.push(...(await restore(incarnation.id, leaseMs, chunk)));
      if ((await renewLease(node, leaseMs, before)) === 'taken') return isTaken(node);
    } catch (error) {
      // Not all was written: the next renewal begins anew.
      incarnation.failures = -1;
      throw error;
    }
    incarnation.isFirst = false;
    return { ranOut: false, replaced };
  }

  function isTaken(node: string): Renewal {
    log.error({ node }, 'Another process has taken the name of this node: give each node a node.name of its own');
    incarnations.delete(node);
    return { ranOut: true, replaced: [] };
  }

  async function restore(incarnation: string, leaseMs: number, chunk: readonly string[]): Promise<ConnectionEntry[]> {
    const args = [now(), leaseMs, incarnation, ...chunk];
    const replaced = (await link.scriptInOrder(scripts.restore, [connections, epoch], args)) as string[];
    return pairs(replaced).map(([networkId, value]) => read(networkId, value));
  }

  async function renew(
    node: string,
    leaseMs: number,
    held: () => Iterable<ConnectionEntry> = () => [],
  ): Promise<Renewal> {
    const incarnation = incarnationOf(node);
    if (incarnation.failures !== link.failures) return rejoin(node, leaseMs, held);
    const state = await renewLease(node, leaseMs);
    incarnation.isFirst = false;
    switch (state) {
      case 'forgotten':
        log.warn({ redis: link.place }, 'Redis was emptied: the connections of this node are written to it again');
        return rejoin(node, leaseMs, held);
      case 'taken':
        return isTaken(node);
      default:
        return { ranOut: state === 'ranOut', replaced: [] };
    }
  }

  /** Takes out what `list` found to count no more. */
  async function tidy(networkIds: readonly string[]): Promise<void> {
    for (let start = 0; start < networkIds.length; start += restoreChunk) {
      const chunk = networkIds.slice(start, start + restoreChunk);
      await link.script(scripts.tidyConnections, [connections, leases], [now(), ...chunk]);
    }
    await link.script(scripts.tidyNodes, [nodes, leases], [now(), forgetNodesMs]);
  }

  async function scan(): Promise<Map<string, string>> {
    const values = new Map<string, string>();
    let cursor = '0';
    do {
      const [next, fields] = await link.run((redis) => redis.hscan(connections, cursor, 'COUNT', scanCount));
      for (const [networkId, value] of pairs(fields)) values.set(networkId, value);
      cursor = next;
    } while (cursor !== '0');
    return values;
  }

  async function list(): Promise<ConnectionEntry[]> {
    const values = await scan();
    const [time, leaseByIncarnation] = await Promise.all([
      clock === undefined ? link.run((redis) => redis.time()).then(([seconds]) => Number(seconds) * 1000) : clock(),
      link.run((redis) => redis.hgetall(leases)),
    ]);
    const live: ConnectionEntry[] = [];
    const dead: string[] = [];
    for (const [networkId, value] of values) {
      const lease = leaseOf(value, leaseByIncarnation, time);
      if (lease === undefined) dead.push(networkId);
      else live.push(read(networkId, value, String(lease)));
    }
    if (dead.length > 0) await tidy(dead);
    return live;
  }

  return {
    async claim({ networkId, node, leaseMs, ...rest }) {
      const keys = [connections, leases, epoch];
      const args = [now(), networkId, incarnationOf(node).id, leaseMs, restOf({ node, ...rest }), highestSeen];
      const [value = '', old, oldLease] = (await link.script(scripts.claim, keys, args)) as string[];
      const entry = read(networkId, value);
      return { entry, ...(old !== undefined && { replaced: read(networkId, old, oldLease) }) };
    },
    async release(networkId, node, released) {
      return (await link.script(scripts.release, [connections], [networkId, node, released])) === 1;
    },
    async get(networkId) {
      const found = (await link.script(scripts.get, [connections, leases], [now(), networkId])) as string[] | null;
      return found === null ? undefined : read(networkId, found[0] ?? '', found[1]);
    },
    list,
    renew,
  };
}

function restOf({ node, protocol, remoteAddress }: Rest): string {
  return JSON.stringify({ node, protocol, remoteAddress });
}

function readEntry(networkId: string, value: string, lease?: string): ConnectionEntry {
  const [epoch, since, own] = value.split(' ', 3).map(Number) as [number, number, number];
  const { node, protocol, remoteAddress } = JSON.parse(value.slice(value.indexOf('{'))) as Rest;
  return {
    networkId,
    node,
    epoch,
    protocol,
    since: new Date(since).toISOString(),
    leaseUntil: lease === undefined ? own : Number(lease),
    ...(remoteAddress !== undefined && { remoteAddress }),
  };
}

/** As the script of the same name has it; for many at once. */
function leaseOf(value: string, leases: Readonly<Record<string, string>>, now: number): number | undefined {
  const [, , ownText, incarnation = ''] = value.split(' ', 4);
  const own = Number(ownText);
  const [from = 0, until = 0] = leases[incarnation]?.split(' ').map(Number) ?? [];
  if (until > now && from < own && until > own) return until;
  return own > now ? own : undefined;
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}
