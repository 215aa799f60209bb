/** Peer: `ocpp-rpc` in strict mode (both directions checked against the schema); keeps nothing. */
import { createRequire } from 'node:module';
import { announce } from './announce.ts';
import { answeredActions, fixedAnswer } from './fixed-answers.ts';

interface RpcClient {
  handle(action: string, handler: () => unknown): void;
}
interface RpcServer {
  auth(callback: (accept: () => void) => void): void;
  on(event: 'client', listener: (client: RpcClient) => void): void;
  listen(port: number, host: string): Promise<{ address(): { port: number } }>;
}
const { RPCServer } = createRequire(import.meta.url)('ocpp-rpc') as { RPCServer: new (options: object) => RpcServer };

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true });
server.auth((accept) => accept());
server.on('client', (client) => {
  for (const action of answeredActions) client.handle(action, () => fixedAnswer(action));
});
const http = await server.listen(0, '127.0.0.1');
announce(http.address().port);
