import type { Topic, TopicGroups } from '../bus.ts';

/** One process of the system. */
export interface ZeromqPeer {
  service: string;
  /** The `node.name` that it is started with. */
  node: string;
  /** Where it listens for the others: `tcp://host:port`. */
  address: string;
  /** The groups that it consumes for; absent: the one that has the name of the service. */
  groups?: readonly string[];
}

const SERVICES = ['csms-server', 'message-manager', 'session', 'device-manager'];
const FIRST_PORT = 5651;

/** One of each service on this machine, reachable from this machine alone. */
export function peersOnThisMachine(node: string): ZeromqPeer[] {
  return SERVICES.map((service, offset) => ({ service, node, address: `tcp://127.0.0.1:${FIRST_PORT + offset}` }));
}

export function peerName({ service, node }: Pick<ZeromqPeer, 'service' | 'node'>): string {
  return `${service}@${node}`;
}

export function groupsOf(peer: ZeromqPeer): readonly string[] {
  return peer.groups ?? [peer.service];
}

/** The peers of each group, by name. Throws, in words for the operator, when the list cannot work. */
export function checkPeers(
  peers: readonly ZeromqPeer[],
  groups: TopicGroups,
  self: Pick<ZeromqPeer, 'service' | 'node'>,
): { own: ZeromqPeer; peersOfGroup: ReadonlyMap<string, readonly string[]> } {
  const names = peers.map(peerName);
  for (const [what, values] of [
    ['service and node', names],
    ['address', peers.map(({ address }) => address)],
  ] as const) {
    const twice = values.find((value, at) => values.indexOf(value) !== at);
    if (twice !== undefined) throw new Error(`zeromq.peers: two peers have the same ${what}: ${twice}`);
  }
  const own = peers[names.indexOf(peerName(self))];
  if (!own) throw new Error(`zeromq.peers names no ${peerName(self)}; it has ${names.join(', ')}. Is node.name right?`);
  const peersOfGroup = new Map<string, string[]>();
  for (const [topic, named] of Object.entries(groups) as [Topic, readonly string[]][]) {
    for (const group of named) {
      const consumers = peers.filter((peer) => groupsOf(peer).includes(group)).map(peerName);
      if (consumers.length === 0) throw new Error(`zeromq.peers has nobody who consumes ${topic} as ${group}`);
      peersOfGroup.set(group, consumers.sort());
    }
  }
  return { own, peersOfGroup };
}

/**
 * Which of several peers has this client: the one whose hash with the client is highest (rendezvous hashing), so that
 * a peer that is added or removed moves no client between the others.
 */
export function choosePeer(client: string, peers: readonly string[]): string | undefined {
  if (peers.length < 2) return peers[0];
  let best: string | undefined;
  let highest = -1;
  for (const peer of peers) {
    const hash = mix(fnv1a(peer, fnv1a(client, 0x811c9dc5)));
    if (hash > highest) {
      highest = hash;
      best = peer;
    }
  }
  return best;
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3: names that differ in their last letter alone come far apart. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
