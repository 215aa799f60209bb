import type { InspectOptions } from '../inspect-options.ts';
import { createClient, findCredentials } from './client.ts';
import type { GcpPubsubOptions } from './gcp-pubsub-options.ts';
import { PubsubNames } from './names.ts';
import { inspectTopic } from './topology.ts';

export async function inspectGcpPubsub(pubsub: GcpPubsubOptions, { timeoutMs }: InspectOptions): Promise<string> {
  const client = createClient(pubsub);
  try {
    await findCredentials(client, pubsub);
    await inspectTopic({ client, names: new PubsubNames(pubsub.name), timeoutMs });
    return `Pub/Sub, project ${client.projectId}${pubsub.endpoint === '' ? '' : ` at ${pubsub.endpoint}`}`;
  } finally {
    await client.close().catch(() => {});
  }
}
