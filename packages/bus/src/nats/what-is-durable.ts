import type { TopologyOptions } from './topology.ts';

/** A server does not say how it syncs. */
export function sayWhatIsDurable(version: string, { nats, log }: Pick<TopologyOptions, 'nats' | 'log'>): void {
  if (nats.replicas > 1) return;
  const advice = canSync(version)
    ? 'unless the server has jetstream { sync_interval: always }'
    : 'nats-server can sync each message only from 2.10 on';
  log?.warn(
    { version, replicas: nats.replicas },
    `NATS keeps one copy of each message: a power cut can lose the last 2 minutes, ${advice}; or set nats.replicas to 3 (docs/operations/nats.md)`,
  );
}

/** From nats-server 2.10 on. */
function canSync(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}
