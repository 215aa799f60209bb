import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnServer, programMissing, startOwnServer } from './own-server.ts';

export interface NatsServer extends OwnServer {
  /** nats://127.0.0.1:port */
  readonly url: string;
}

const program = 'nats-server';

/** Why there is no nats-server to start here; undefined: there is one. */
export const noNatsServer: string | undefined = programMissing(program);

/** A NATS server with JetStream. `settings` as on its command line. */
export async function startNatsServer({ settings = [] }: { settings?: readonly string[] } = {}): Promise<NatsServer> {
  const server = await startOwnServer({
    program,
    argumentsFor({ port, directory }) {
      const file = join(directory, 'nats-server.conf');
      // As docs/operations/nats.md says: frames of 1 MiB and what is around them.
      writeFileSync(file, 'max_payload: 8MB\n');
      return ['-c', file, '-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory, ...settings];
    },
    greeting: { answer: 'INFO' },
  });
  return { ...server, url: `nats://127.0.0.1:${server.port}` };
}
