import { type OwnServer, programMissing, startOwnServer } from './own-server.ts';

export interface RedisServer extends OwnServer {
  /** redis://127.0.0.1:port */
  readonly url: string;
}

const program = 'redis-server';

/** Why there is no redis-server to start here; undefined: there is one. */
export const noRedisServer: string | undefined = programMissing(program);

/** A Redis. `settings` as on its command line. */
export async function startRedisServer({
  settings = ['--appendonly', 'yes', '--appendfsync', 'always'],
}: {
  settings?: readonly string[];
} = {}): Promise<RedisServer> {
  const server = await startOwnServer({
    program,
    argumentsFor: ({ port, directory }) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--daemonize', 'no'],
      ...settings,
    ],
    greeting: { ask: 'PING\r\n', answer: '+PONG' },
  });
  return { ...server, url: `redis://127.0.0.1:${server.port}` };
}
