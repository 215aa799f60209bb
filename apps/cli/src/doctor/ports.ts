import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Settings } from '@ocpp-csms/config';
import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Check, type DoctorContext, type Finding, failed, ok, warning } from './check.ts';
import { portOwner } from './port-owner.ts';

/** A port and whose it is. */
export interface ServicePort {
  service: string;
  /** The setting that it comes from. */
  setting: string;
  port: number;
}

/** Of one process with everything in it, or of the four. */
export function portsOf({ bus, http, daemons }: Settings): ServicePort[] {
  if (bus.driver === 'memory') return [{ service: 'ocpp-csms', setting: 'http.port', port: http.port }];
  return [
    { service: 'csms-server', setting: 'http.port', port: http.port },
    { service: 'message-manager', setting: 'daemons.messageManagerPort', port: daemons.messageManagerPort },
    { service: 'session', setting: 'daemons.sessionPort', port: daemons.sessionPort },
    { service: 'device-manager', setting: 'daemons.deviceManagerPort', port: daemons.deviceManagerPort },
  ];
}

export const ports: Check = {
  name: 'ports',
  run: (context) => Promise.all(portsOf(context.settings).map((place) => inspectPort(place, context))),
};

async function inspectPort(
  { service, setting, port }: ServicePort,
  { settings, runningAt }: DoctorContext,
): Promise<Finding> {
  const name = `port ${port}`;
  if (port === 0) return ok(name, `any free one, for ${service}`);
  const error = await tryToListen(port, settings.http.host);
  if (error === undefined) return ok(name, `free, for ${service}`);
  if (error.code !== 'EADDRINUSE') return failed(name, error.message, describeSystemError(error) ?? '');
  if ((await runningAt(port)) !== undefined) return ok(name, `in use by ${service}, which is running`);
  const owner = await portOwner(port);
  const words = `in use by ${owner ?? 'another program'}, and wanted for ${service}`;
  const todo = `Stop it, or choose another port (${setting} in conf.yaml).`;
  // Which of the four are to run on this machine, only the operator knows.
  return setting === 'http.port' ? failed(name, words, todo) : warning(name, words, todo);
}

async function tryToListen(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
