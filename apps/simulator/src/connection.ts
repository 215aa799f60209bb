import { type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import type { Quirk } from './quirks.ts';

interface Connecting {
  url: string;
  networkId: string;
  version: OcppVersion;
  password: string | undefined;
  quirks: ReadonlySet<Quirk>;
}

/** What a charge point asks a CSMS for when it connects (J16 §3, J2.x §3). */
export function connectionOf({ url, networkId, version, password, quirks }: Connecting) {
  const slash = quirks.has('double-slash') ? '//' : '/';
  const identity = encodeURIComponent(quirks.has('other-case') ? networkId.toLowerCase() : networkId);
  return {
    address: `${url}${slash}${identity}${quirks.has('trailing-slash') ? '/' : ''}`,
    subprotocols: subprotocolsOf(version, quirks),
    headers: password === undefined ? {} : { authorization: basic(networkId, password, quirks) },
  };
}

function subprotocolsOf(version: OcppVersion, quirks: ReadonlySet<Quirk>): string[] {
  if (quirks.has('no-subprotocol')) return [];
  return quirks.has('offers-all-versions')
    ? [version, ...ocppVersions.filter((other) => other !== version)]
    : [version];
}

function basic(networkId: string, password: string, quirks: ReadonlySet<Quirk>): string {
  const secret = Buffer.from(password, quirks.has('binary-password') ? 'hex' : 'utf8');
  return `Basic ${Buffer.concat([Buffer.from(`${networkId}:`), secret]).toString('base64')}`;
}
