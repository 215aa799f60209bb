import type { Settings } from '@ocpp-csms/config';

/** What a charge point has to be given: by the public URL, else by how the caller reached us (`host:port`). */
export function chargePointUrl({ http, csmsServer }: Settings, host: string, networkId: string): string {
  const base = http.publicUrl === '' ? `ws://${host}` : http.publicUrl.replace(/^http/, 'ws').replace(/\/$/, '');
  return `${base}${csmsServer.path}/${networkId}`;
}
