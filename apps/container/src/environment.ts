import type { Settings } from '@ocpp-csms/config';
import { portsOf } from './ports.ts';

/**
 * What the services of one container are told beside the settings, which it overrules: nginx is in front of them, and
 * they are several processes.
 */
export function environmentOf(settings: Settings): Record<string, string> {
  return {
    CSMS_HTTP_HOST: '127.0.0.1',
    CSMS_HTTP_PORT: String(portsOf(settings)['csms-server']),
    // nginx has found out who it is (http.trustedProxies of the settings), and names that one address.
    CSMS_HTTP_TRUSTED_PROXIES: '["127.0.0.1"]',
    ...(settings.bus.driver === 'memory' ? { CSMS_BUS_DRIVER: 'zeromq' } : {}),
    ...(needsFixedName(settings) ? { CSMS_NODE_NAME: fixedName } : {}),
  };
}

const fixedName = 'csms';

/**
 * What a process has still to get over ZeroMQ is kept under the name of its node, and a container that is made anew
 * has another host name.
 */
function needsFixedName({ node, bus }: Settings): boolean {
  return node.name === '' && (bus.driver === 'memory' || bus.driver === 'zeromq');
}
