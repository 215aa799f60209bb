import { networkInterfaces } from 'node:os';

/** This machine as others in its network reach it; undefined when it is in none. */
export function networkAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** What the gateway tells the services of how the caller reached it. */
export const reachedHostHeader = 'x-forwarded-host';

interface Reached {
  headers: Readonly<Record<string, unknown>>;
  host: string;
}

const everywhere = ['0.0.0.0', '::'];

/**
 * `host:port` for a charge point: as the caller reached us, but for "localhost", which means another machine to a charge
 * point. `listenHost`: where we listen; on this machine alone, there is nothing better.
 */
export function reachableHost({ headers, host }: Reached, listenHost: string): string {
  const told = headers[reachedHostHeader];
  if (typeof told === 'string' && told !== '') return told;
  const [, name = '', port = ''] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/i.test(name);
  return isHere && everywhere.includes(listenHost) ? `${networkAddress() ?? name}${port}` : host;
}
