import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Browsers open connections ahead, for what they may ask next. Node takes one that was never asked anything for busy,
 * and a stop would wait for its time-out. Returns what closes them.
 */
export function trackSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  const speaks = ({ socket }: IncomingMessage) => void silent.delete(socket);
  let hearsUpgrades = false;

  server.on('request', speaks);
  server.on('connection', (socket: Socket) => {
    // Where nobody takes upgrades, a listener would be the one to answer them.
    if (!hearsUpgrades && server.listenerCount('upgrade') > 0) {
      hearsUpgrades = true;
      server.on('upgrade', speaks);
    }
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  return () => {
    for (const socket of silent) socket.destroy();
  };
}
