import { resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import type { Log } from '@ocpp-csms/runtime';

export interface CloudRunFacts {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  log: Log;
}

const advice = 'docs/operations/cloud-run.md';

/** Says at the start what Google Cloud Run will not keep. `K_SERVICE` is in every container there. */
export function warnOnCloudRun({ settings, env, log }: CloudRunFacts): void {
  if (!env.K_SERVICE) return;
  for (const sentence of cloudRunWarnings(settings)) log.warn({ cloudRun: env.K_SERVICE }, sentence);
}

/** Every instance has the same host name there: without a name in the settings, one that no other has. */
export function nameNodeOnCloudRun(
  { node }: Settings,
  { K_SERVICE, K_REVISION }: NodeJS.ProcessEnv,
  newId: () => string,
): void {
  if (K_SERVICE && node.name === '') node.name = `${K_REVISION ?? K_SERVICE}-${newId().replaceAll('-', '').slice(-8)}`;
}

/** A sentence for each setting that loses data, or does not work, on a disk that is memory. */
export function cloudRunWarnings({ storage, data, bus, http, log }: Settings): string[] {
  const folder = resolve(data.dir);
  const sentences: string[] = [];
  if (storage.driver === 'sqlite')
    sentences.push(
      `EVERYTHING WILL BE LOST: this is Cloud Run, whose disk is memory. What SQLite keeps in ${folder} (charge points, transactions, messages) is gone when this instance ends, and other instances do not see it. Set storage.driver to postgresql: ${advice}`,
    );
  if (bus.driver === 'zeromq')
    sentences.push(
      `Messages will be lost: this is Cloud Run, whose disk is memory, so that the journals of ZeroMQ in ${folder} end with this instance; and its instances cannot reach each other. Set bus.driver to gcp-pubsub, or to memory with everything in one instance: ${advice}`,
    );
  if (http.apiKeys.length === 0)
    sentences.push(
      `Each instance makes an admin key of its own in ${folder}, and it ends with the instance. Set keys for the API in http.apiKeys (CSMS_HTTP_API_KEYS from Secret Manager): ${advice}`,
    );
  if (log.dir !== '')
    sentences.push(
      `Log files in ${resolve(log.dir)} take memory on Cloud Run and end with this instance. Set log.dir to '' (CSMS_LOG_DIR=): the standard output goes to Cloud Logging`,
    );
  return sentences;
}
