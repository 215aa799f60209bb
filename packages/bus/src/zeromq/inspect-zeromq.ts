import { connect } from 'node:net';
import type { InspectOptions } from '../inspect-options.ts';
import { checkPeers, peerName, peersOnThisMachine, type ZeromqPeer } from './peers.ts';
import type { ZeromqOptions } from './zeromq-options.ts';

/** The list of peers, and which of them listen now. */
export async function inspectZeromq(
  { peers: listed, self: { node } }: Pick<ZeromqOptions, 'peers' | 'self'>,
  { groups, timeoutMs }: InspectOptions,
): Promise<string> {
  const peers = listed.length > 0 ? listed : peersOnThisMachine(node);
  const own = peers.find((peer) => peer.node === node);
  // Without one of this node, the check says which there are.
  checkPeers(peers, groups, own ?? { service: 'csms-server', node });
  const listening = await Promise.all(peers.map((peer) => listens(peer, timeoutMs)));
  const away = peers.filter((_, at) => !listening[at]).map(peerName);
  const words = `ZeroMQ, ${peers.length} peers`;
  if (away.length === 0) return `${words}, all listen`;
  return away.length === peers.length
    ? `${words}, none listens now`
    : `${words}; not listening now: ${away.join(', ')}`;
}

function listens({ address }: ZeromqPeer, timeoutMs: number): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: timeoutMs });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
