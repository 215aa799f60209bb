/** Peer: `ws` alone. Parses the frame and answers it; keeps nothing. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { announce } from './report.ts';

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  handleProtocols: () => 'ocpp1.6',
});
server.on('listening', () => announce((server.address() as AddressInfo).port));
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const [, msgId, action] = JSON.parse(data.toString()) as [number, string, string];
    const payload = action === 'Heartbeat' ? { currentTime: new Date().toISOString() } : {};
    socket.send(JSON.stringify([3, msgId, payload]));
  });
});
