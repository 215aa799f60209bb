import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { budgetKey, createRemoteEnd } from './remote-address.ts';

const request = (remoteAddress: string, headers: Record<string, string>) =>
  ({ socket: { remoteAddress }, headers }) as Partial<IncomingMessage> as IncomingMessage;

describe('the other end', () => {
  const remoteEnd = createRemoteEnd(['10.0.0.0/8', '::1']);

  test.each([
    ['of nobody we trust, whatever it says', '203.0.113.1', '198.51.100.7', '203.0.113.1'],
    ['behind a proxy', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['behind two proxies, with a forged entry in front', '10.0.0.1', '1.1.1.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['an IPv4 address written as IPv6', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['a proxy that says nonsense', '10.0.0.1', '<script>', '10.0.0.1'],
  ])('%s', (_name, remoteAddress, forwarded, expected) => {
    expect(remoteEnd(request(remoteAddress, { 'x-forwarded-for': forwarded })).address).toBe(expected);
  });

  test('what is no address is refused at the start, in words', () => {
    expect(() => createRemoteEnd(['proxy.local'])).toThrow(/http.trustedProxies.*proxy.local/);
  });
});

test('one IPv6 customer has one budget', () => {
  expect(budgetKey('2001:db8::1')).toBe(budgetKey('2001:db8:0:0:ffff::2'));
  expect(budgetKey('2001:db8:0:1::1')).not.toBe(budgetKey('2001:db8::1'));
  expect(budgetKey('203.0.113.1')).toBe('203.0.113.1');
});
