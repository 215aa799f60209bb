import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface RemoteEnd {
  address: string;
  isEncrypted: boolean;
}

/** Who is at the other end. `X-Forwarded-For` and `-Proto` are believed from these proxies, and from nobody else. */
export function createRemoteEnd(trustedProxies: readonly string[]): (request: IncomingMessage) => RemoteEnd {
  const trusted = blockListOf(trustedProxies);
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return ({ socket, headers }) => {
    const direct = plain(socket.remoteAddress ?? '');
    const isTls = 'encrypted' in socket && socket.encrypted === true;
    if (!isTrusted(direct)) return { address: direct, isEncrypted: isTls };
    const forwarded = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => plain(part.trim()));
    const address = forwarded.findLast((hop) => isIP(hop) !== 0 && !isTrusted(hop)) ?? direct;
    const proto = String(headers['x-forwarded-proto'] ?? '')
      .split(',', 1)[0]
      ?.trim();
    return { address, isEncrypted: isTls || proto === 'https' || proto === 'wss' };
  };
}

function blockListOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch {
      throw new Error(`http.trustedProxies: ${JSON.stringify(proxy)} is no address and no network such as 10.0.0.0/8`);
    }
  }
  return list;
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** What a budget counts by: one IPv6 customer has a whole /64. */
export function budgetKey(address: string): string {
  return isIP(address) === 6 ? networkOf(address) : address;
}

/** The first four of the eight groups, with those that `::` stands for. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  while (groups.length + rest.length < 8) groups.push('0');
  return [...groups, ...rest].slice(0, 4).join(':');
}
