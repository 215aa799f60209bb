import { PubSub } from '@google-cloud/pubsub';
import type { GcpPubsubOptions } from './gcp-pubsub-options.ts';
import { wordsOf } from './status.ts';
import { PubsubSetupError } from './topology.ts';

type Place = Pick<GcpPubsubOptions, 'projectId' | 'endpoint'>;

/** Of gRPC, which would wait up to two minutes between attempts to connect. */
const CHANNEL_OPTIONS = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2000 } as object;

export function createClient({ projectId, endpoint }: Place): PubSub {
  return new PubSub({
    ...(projectId === '' ? {} : { projectId }),
    ...(endpoint === '' ? {} : { apiEndpoint: endpoint }),
    ...CHANNEL_OPTIONS,
    // Without this the library looks for the universe of credentials that an emulator does not want.
    ...(isEmulator(endpoint) ? { emulatorMode: true, universeDomain: 'googleapis.com' } : {}),
  });
}

/** Rejects with `PubsubSetupError` when there are none. */
export async function findCredentials(client: PubSub, { projectId, endpoint }: Place): Promise<void> {
  if (isEmulator(endpoint)) {
    if (projectId !== '') return;
    throw new PubsubSetupError('Pub/Sub: an emulator (gcpPubsub.endpoint) needs a gcpPubsub.projectId, any name');
  }
  try {
    await client.getClientConfig();
  } catch (error) {
    throw new PubsubSetupError(`Pub/Sub: there are no credentials, or no project: ${wordsOf(error)}`);
  }
}

/** The endpoint may also be a region's, such as `europe-west1-pubsub.googleapis.com:443`. */
function isEmulator(endpoint: string): boolean {
  return endpoint !== '' && !/\.googleapis\.com(:\d+)?$/.test(endpoint);
}
