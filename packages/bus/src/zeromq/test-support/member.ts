import { appendFileSync } from 'node:fs';
import type { TopicGroups } from '../../bus.ts';
import { createMemoryParking } from '../../memory/memory-parking.ts';
import type { ZeromqPeer } from '../peers.ts';
import { createZeromqBus } from '../zeromq-bus.ts';
import { envelopeOf } from './envelope.ts';

/** What a process of a test does; it is told as JSON in its first argument. */
export interface MemberOptions {
  self: { service: string; node: string };
  peers: ZeromqPeer[];
  groups: TopicGroups;
  directory: string;
  journalBytes: number;
  /** Consumes MessagesIn as this group and writes each message into the file before it is acknowledged. */
  consume?: { group: string; file: string; delayMs?: number };
  /** Publishes on MessagesIn for these clients, one message after the other, and writes each that was acknowledged into the file. */
  publish?: { clients: string[]; file: string; from: number; paddingBytes?: number };
  /** Takes what is sent to this node and never answers. */
  hangAs?: string;
  serve?: string;
}

const options: MemberOptions = JSON.parse(process.argv[2] ?? '{}');
const bus = await createZeromqBus(
  { ...options, heartbeatMs: 100 },
  { groups: options.groups, parking: createMemoryParking(), log: { warn: tell, error: tell } },
);
const { consume, publish, serve, hangAs } = options;
if (serve) await bus.serve(serve, async () => options.self.node);
if (hangAs) await bus.receive(hangAs, () => new Promise(() => {}));
if (consume) {
  await bus.consume('MessagesIn', consume.group, async (batch) => {
    appendFileSync(consume.file, batch.map(({ client, seq }) => `${client} ${seq}\n`).join(''));
    if (consume.delayMs) await new Promise((resolve) => setTimeout(resolve, consume.delayMs));
  });
}
process.on('message', (message) => {
  if (message === 'stop') void bus.stop({ timeoutMs: 3000 }).then(() => process.exit(0));
});
process.send?.('ready');
for (const client of publish?.clients ?? []) void publishAs(client);

async function publishAs(client: string): Promise<void> {
  if (!publish) return;
  for (let seq = publish.from; ; ) {
    try {
      await bus.publish('MessagesIn', envelopeOf(client, seq, publish.paddingBytes));
      appendFileSync(publish.file, `${client} ${seq}\n`);
      seq++;
    } catch (error) {
      process.send?.(String(error));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function tell(details: object, message: string): void {
  process.send?.(`${message} ${JSON.stringify(details)}`);
}
