import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';

export interface RabbitmqServer {
  /** amqp://guest:guest@127.0.0.1:port/vhost, through a relay of the test's own. */
  readonly url: string;
  readonly vhost: string;
  /** As if the server were away: connections break, and no new ones are made. It keeps what it has. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Deletes the vhost. */
  remove(): Promise<void>;
}

const serverPort = 5672;
const run = promisify(execFile);
let count = 0;

/** Why there is no RabbitMQ on this machine to test with; undefined: there is one. */
export async function whyNoRabbitmq(): Promise<string | undefined> {
  try {
    const socket = connect(serverPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    await run('rabbitmqctl', ['--silent', 'list_vhosts']);
    return undefined;
  } catch {
    return 'there is no RabbitMQ on port 5672 that rabbitmqctl may administer (Debian: apt install rabbitmq-server)';
  }
}

/**
 * A vhost of the test's own in the RabbitMQ of this machine, behind a relay that can be cut: to start a RabbitMQ of its own
 * takes half a minute.
 */
export async function startRabbitmqVhost(): Promise<RabbitmqServer> {
  const vhost = `test-${process.pid}-${++count}`;
  await run('rabbitmqctl', ['--silent', 'add_vhost', vhost]);
  await run('rabbitmqctl', ['--silent', 'set_permissions', '-p', vhost, 'guest', '.*', '.*', '.*']);
  const sockets = new Set<Socket>();
  const relay = createServer((near) => relayTo(near, sockets));
  const port = await listen(relay, 0);
  const relayed: RabbitmqServer = {
    url: `amqp://guest:guest@127.0.0.1:${port}/${vhost}`,
    vhost,
    async stop() {
      if (!relay.listening) return;
      const closed = once(relay, 'close');
      relay.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async start() {
      if (!relay.listening) await listen(relay, port);
    },
    async remove() {
      await relayed.stop();
      await run('rabbitmqctl', ['--silent', 'delete_vhost', vhost], { timeout: 60_000 });
    },
  };
  return relayed;
}

function relayTo(near: Socket, sockets: Set<Socket>): void {
  const far = connect(serverPort, '127.0.0.1');
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one);
    one.setNoDelay(true);
    one.on('error', () => {});
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
    one.pipe(other);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address === null || typeof address === 'string' ? port : address.port;
}
