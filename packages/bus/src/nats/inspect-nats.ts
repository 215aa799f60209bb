import type { InspectOptions } from '../inspect-options.ts';
import { NatsLink } from './link.ts';
import { NatsNames } from './names.ts';
import type { NatsOptions } from './nats-options.ts';
import { readServers } from './server-list.ts';
import { checkTopology, type TopologyOptions } from './topology.ts';
import { sayWhatIsDurable } from './what-is-durable.ts';

export async function inspectNats(nats: NatsOptions, options: InspectOptions): Promise<string> {
  const { groups, partitions, timeoutMs, log } = options;
  const names = new NatsNames(nats.name);
  const topology: TopologyOptions = {
    nats,
    names,
    groups,
    partitions,
    log,
    maxUnacknowledged: 1,
    duplicateWindowMs: timeoutMs,
  };
  const prepare = (connection: Parameters<typeof checkTopology>[0]) => checkTopology(connection, topology);
  const link = new NatsLink(
    { ...nats, connectTimeoutMs: timeoutMs },
    { prepare, connected() {}, lost() {} },
    // What it says while it comes and goes is of no interest here.
    undefined,
  );
  try {
    await link.start();
    const version = link.connection?.info?.version ?? '';
    sayWhatIsDurable(version, topology);
    return `NATS ${version} with JetStream at ${readServers(nats).addresses}`;
  } finally {
    await link.stop();
  }
}
