import { expect, test } from 'vitest';
import { networkAddress, reachableHost } from './reachable-host.ts';

const here = networkAddress() ?? 'localhost';

test.each([
  ['csms.example.com:8080', '0.0.0.0', 'csms.example.com:8080'],
  ['csms.example.com', '0.0.0.0', 'csms.example.com'],
  ['localhost:8080', '0.0.0.0', `${here}:8080`],
  ['127.0.0.1', '::', here],
  ['[::1]:8080', '0.0.0.0', `${here}:8080`],
  ['localhost:8080', '127.0.0.1', 'localhost:8080'],
])('%s, listening on %s: %s', (host, listenHost, expected) => {
  expect(reachableHost({ headers: {}, host }, listenHost)).toBe(expected);
});

test('behind the gateway, what the caller asked the gateway for', () => {
  const headers = { 'x-forwarded-host': 'csms.example.com' };
  expect(reachableHost({ headers, host: '127.0.0.1:8083' }, '0.0.0.0')).toBe('csms.example.com');
});
