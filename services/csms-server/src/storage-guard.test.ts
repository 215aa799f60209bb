import { UpgradeRefused, until } from '@ocpp-csms/testing';
import { afterEach, expect, test } from 'vitest';
import { startCsms, type TestCsms } from './test-support/start-csms.ts';

let csms: TestCsms;
afterEach(() => csms.stop());

const refusedWith = (status: number) => (error: unknown) => error instanceof UpgradeRefused && error.status === status;

test('storing is impossible: no answer, 1013, 503, no CALLERROR; and it recovers by itself', async () => {
  csms = await startCsms({ csmsServer: { storeRetrySeconds: 1 } });
  await csms.register();
  await csms.register({ networkId: 'CP002' });
  const chargePoint = await csms.connect();
  const bystander = await csms.connect({ networkId: 'CP002' });
  await chargePoint.call('Heartbeat', {});

  csms.storing.fails = true;
  const answer = chargePoint.call('Heartbeat', {}).catch(String);
  expect((await chargePoint.closed).code).toBe(1013);
  expect((await bystander.closed).code).toBe(1013);
  expect(await answer).toMatch(/1013/);
  expect(await csms.csms.readiness()).toMatch(/can't be stored/);
  expect(chargePoint.transcript.some(({ text }) => text.startsWith('[4'))).toBe(false);
  await expect(csms.connect()).rejects.toSatisfy(refusedWith(503));

  csms.storing.fails = false;
  const again = await until('it is let in', () => csms.connect().catch(() => undefined));
  expect(await again.call('Heartbeat', {})).toHaveProperty('currentTime');
  expect(await csms.csms.readiness()).toBeUndefined();
  const lines = csms.logLines.filter(({ msg }) => /stored/.test(msg) && !/fact/.test(msg));
  expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
});

test('while it lasts, a few are let in to try, and the pause grows', async () => {
  csms = await startCsms({ csmsServer: { storeRetrySeconds: 1 } });
  await csms.register();
  csms.storing.fails = true;
  const first = await csms.connect();
  first.sendRaw('[2,"1","Heartbeat",{}]');
  await first.closed;
  const second = await until('one may try', () => csms.connect().catch(() => undefined));
  second.sendRaw('[2,"1","Heartbeat",{}]');
  expect((await second.closed).code).toBe(1013);
  const error: unknown = await csms.connect().catch((reason: unknown) => reason);
  expect(error instanceof UpgradeRefused && Number(error.headers['retry-after'])).toBeGreaterThanOrEqual(2);
  expect(csms.logLines.filter(({ level, msg }) => level === 'error' && /stored/.test(msg))).toHaveLength(1);
});
