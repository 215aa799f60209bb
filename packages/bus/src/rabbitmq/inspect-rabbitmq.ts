import type { InspectOptions } from '../inspect-options.ts';
import type { RabbitmqOptions } from './create-rabbitmq-bus.ts';
import { Link, placeOf } from './link.ts';
import { Names } from './names.ts';
import { checkVersion, inspectPartitions, setupProblem } from './topology.ts';

const STOP_WITHIN_MS = 1000;

export async function inspectRabbitmq({ url, name }: RabbitmqOptions, options: InspectOptions): Promise<string> {
  const { partitions } = options;
  const names = new Names(name);
  const link = new Link({
    url,
    name: `${name}-inspect`,
    async up(connection) {
      checkVersion(connection);
      await inspectPartitions(connection, { names, partitions });
    },
    down() {},
  });
  try {
    await link.start();
    return `RabbitMQ ${String(link.connection?.connection.serverProperties.version)} at ${placeOf(url)}`;
  } catch (error) {
    throw setupProblem(error, placeOf(url));
  } finally {
    await link.stop(STOP_WITHIN_MS);
  }
}
