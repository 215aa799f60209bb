import type { Settings } from '@ocpp-csms/config';

export type Service = 'csms-server' | 'message-manager' | 'session' | 'device-manager';

const highestPort = 65_535;
const distance = 1000;

/**
 * Where the services listen behind nginx, on 127.0.0.1. nginx has `http.port`, so csms-server moves out of its way:
 * 8080 becomes 9080.
 */
export function portsOf({ http, daemons }: Settings): Record<Service, number> {
  const moved = http.port + distance <= highestPort ? http.port + distance : http.port - distance;
  return {
    'csms-server': moved,
    'message-manager': daemons.messageManagerPort,
    session: daemons.sessionPort,
    'device-manager': daemons.deviceManagerPort,
  };
}
