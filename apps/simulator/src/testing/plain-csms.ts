import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export type ReceivedCall = [type: number, msgId: string, action: string, payload: Record<string, unknown>];

/** A CSMS that accepts everything and remembers it: for what a charge point does by itself. */
export interface PlainCsms {
  readonly url: string;
  readonly upgrades: IncomingMessage[];
  readonly texts: string[];
  /** Those that are open, the newest last. */
  readonly sockets: readonly WebSocket[];
  calls(action: string): ReceivedCall[];
  /** What is answered to this action from now on; undefined: a CALLERROR. */
  answers: Record<string, (payload: Record<string, unknown>) => object | undefined>;
  /** A CALL to the newest charge point. */
  ask(action: string, payload: object, msgId?: string): void;
  stop(): Promise<void>;
}

export async function startPlainCsms(): Promise<PlainCsms> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const texts: string[] = [];
  const upgrades: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  const received: ReceivedCall[] = [];
  let transactionId = 0;
  const accepted = { status: 'Accepted' };
  const currentTime = () => new Date().toISOString();
  const csms: PlainCsms = {
    url: `ws://127.0.0.1:${port}`,
    upgrades,
    texts,
    sockets,
    answers: {
      BootNotification: () => ({ status: 'Accepted', interval: 60, currentTime: currentTime() }),
      Heartbeat: () => ({ currentTime: currentTime() }),
      Authorize: ({ idTag }) => (idTag === undefined ? { idTokenInfo: accepted } : { idTagInfo: accepted }),
      StartTransaction: () => ({ transactionId: ++transactionId, idTagInfo: accepted }),
    },
    calls: (action) => received.filter((call) => call[2] === action),
    ask(action, payload, msgId = crypto.randomUUID()) {
      sockets.at(-1)?.send(JSON.stringify([2, msgId, action, payload]));
    },
    async stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', (socket, request) => {
    upgrades.push(request);
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    socket.on('message', (data) => {
      const text = data.toString();
      texts.push(text);
      const frame = callOf(text);
      if (frame === undefined) return;
      received.push(frame);
      const answer = csms.answers[frame[2]];
      const payload = answer === undefined ? {} : answer(frame[3]);
      socket.send(
        JSON.stringify(payload === undefined ? [4, frame[1], 'InternalError', '', {}] : [3, frame[1], payload]),
      );
    });
  });
  return csms;
}

function callOf(text: string): ReceivedCall | undefined {
  try {
    const frame: ReceivedCall = JSON.parse(text);
    return frame[0] === 2 ? frame : undefined;
  } catch {
    return undefined;
  }
}
