import type { TopicGroups } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';

export type ServiceName = 'csms-server' | 'message-manager' | 'session' | 'device-manager';

/** Who consumes what, in every shape. */
export const topicGroups: TopicGroups = {
  MessagesIn: ['message-manager', 'session', 'device-manager'],
  MessagesSent: ['message-manager', 'device-manager'],
  Events: ['device-manager'],
};

/** Where a service listens when it is a process of its own. */
export function portOf(service: ServiceName, { http, daemons }: Settings): number {
  switch (service) {
    case 'message-manager':
      return daemons.messageManagerPort;
    case 'session':
      return daemons.sessionPort;
    case 'device-manager':
      return daemons.deviceManagerPort;
    case 'csms-server':
      return http.port;
  }
}

/** Where the gateway finds the REST API of the other services: by name, which is also their path. */
export function upstreamsOf(settings: Settings): Record<Exclude<ServiceName, 'csms-server'>, string> {
  const { messageManagerUrl, sessionUrl, deviceManagerUrl } = settings.daemons;
  const here = (service: ServiceName) => `http://127.0.0.1:${portOf(service, settings)}`;
  return {
    'message-manager': messageManagerUrl || here('message-manager'),
    session: sessionUrl || here('session'),
    'device-manager': deviceManagerUrl || here('device-manager'),
  };
}
