import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { announce } from './announce.ts';

/** `ws` that parses each CALL and answers it; keeps nothing. */
export function serveWs(answer: (action: string, payload: unknown) => object): void {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: false,
    handleProtocols: () => 'ocpp1.6',
  });
  server.on('listening', () => announce((server.address() as AddressInfo).port));
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const [, msgId, action, payload] = JSON.parse(data.toString()) as [number, string, string, unknown];
      socket.send(JSON.stringify([3, msgId, answer(action, payload)]));
    });
  });
}
