import type { BusDriver } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import { nodeName, StartupError } from '@ocpp-csms/runtime';
import type { ServiceName } from './services.ts';

export interface BusDriverOptions {
  service: ServiceName | 'all';
  settings: Settings;
  /** The data folder. */
  directory: string;
}

const mebibyte = 1_048_576;
const oneProcess = 'bus.driver zeromq is for services that are processes of their own, and npm start runs them in one.';
const oneProcessAdvice = 'Start them with scripts/run_all.sh, or leave bus.driver at memory.';

/** What the driver of `bus.driver` is made with. Throws `StartupError` where it cannot work in this shape. */
export function busDriver({ service, settings, directory }: BusDriverOptions): BusDriver {
  const { bus, nats, rabbitmq, zeromq } = settings;
  switch (bus.driver) {
    case 'memory':
      return { driver: 'memory' };
    case 'zeromq':
      if (service === 'all') throw new StartupError(oneProcess, oneProcessAdvice);
      return {
        driver: 'zeromq',
        zeromq: {
          peers: zeromq.peers,
          self: { service, node: nodeName(settings) },
          directory,
          journalBytes: zeromq.journalMegabytes * mebibyte,
          synchronous: settings.storage.synchronous,
        },
      };
    case 'nats':
      return {
        driver: 'nats',
        nats: {
          servers: nats.servers,
          ...(nats.credentialsFile === '' ? {} : { credentialsFile: nats.credentialsFile }),
          name: bus.name,
          replicas: nats.replicas,
          maxBytes: nats.maxMegabytes * mebibyte,
        },
      };
    case 'rabbitmq':
      return {
        driver: 'rabbitmq',
        rabbitmq: { url: rabbitmq.url, name: bus.name, maxBytes: rabbitmq.maxMegabytes * mebibyte },
      };
    case 'redis':
      return {
        driver: 'redis',
        redis: { ...settings.redis, name: bus.name },
      };
    case 'gcp-pubsub':
      return { driver: 'gcp-pubsub', gcpPubsub: { ...settings.gcpPubsub, name: bus.name } };
  }
}
