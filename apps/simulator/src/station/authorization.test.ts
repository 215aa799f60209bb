import { expect, test } from 'vitest';
import { createAuthorization, type TokenInfo } from './authorization.ts';
import { createSettings, type SettingName } from './settings.ts';

function scene(overrides: Partial<Record<SettingName, string>> = {}) {
  const world = { online: true, answer: { status: 'Accepted' } as TokenInfo | undefined, asked: 0 };
  const now = new Date('2026-01-01T12:00:00Z');
  const authorization = createAuthorization({
    settings: createSettings('1.6', overrides),
    now: () => now,
    isOnline: () => world.online,
    async ask() {
      world.asked++;
      return world.answer;
    },
  });
  const status = async (token: string) => (await authorization.decide(token)).status;
  return { authorization, world, status };
}

const entry = (token: string, info: TokenInfo = { status: 'Accepted' }) => ({ token, info });

test('online the CSMS decides; what it said is cached and counts offline', async () => {
  const { world, status } = scene();
  world.answer = { status: 'Blocked' };
  expect(await status('a')).toBe('Blocked');
  world.online = false;
  expect(await status('a')).toBe('Blocked');
  expect(await status('unknown')).toBe('Invalid');
  expect(world.asked).toBe(1);
});

test('C10, 1.6 §3.5.3: offline for unknown ids, where that is allowed', async () => {
  const { world, status } = scene({ offlineForUnknown: 'true' });
  world.online = false;
  expect(await status('unknown')).toBe('Accepted');
});

test('C14, 1.6 §3.5.2: the list spares the question only with LocalPreAuthorize', async () => {
  for (const [localPreAuthorize, asked] of [
    ['true', 0],
    ['false', 1],
  ] as const) {
    const { authorization, world, status } = scene({ localPreAuthorize });
    authorization.update({ isFull: true, version: 1, entries: [entry('a')] });
    expect(await status('a')).toBe('Accepted');
    expect(world.asked).toBe(asked);
  }
});

test('D01: full and differential updates, versions that do not grow, entries that go', () => {
  const { authorization } = scene();
  const update = (
    isFull: boolean,
    version: number,
    ...entries: Parameters<typeof authorization.update>[0]['entries'][number][]
  ) => authorization.update({ isFull, version, entries });
  expect(update(true, 5, entry('a'), entry('b'))).toBe('Accepted');
  expect(update(false, 5, entry('c'))).toBe('VersionMismatch');
  expect(update(false, 6, { token: 'a' }, entry('c'))).toBe('Accepted');
  expect([authorization.listVersion, authorization.listLength]).toEqual([6, 2]);
  expect(update(true, 2)).toBe('Accepted');
  expect([authorization.listVersion, authorization.listLength]).toEqual([2, 0]);
});

test('a list that is too long, or switched off', () => {
  const { authorization } = scene({ listLength: '1' });
  expect(authorization.update({ isFull: true, version: 1, entries: [entry('a'), entry('b')] })).toBe('Failed');
  const off = scene({ localList: 'false' }).authorization;
  expect(off.update({ isFull: true, version: 1, entries: [] })).toBe('NotSupported');
  expect(off.listVersion).toBe(-1);
});

test('what has expired is not accepted offline, and a cleared cache knows nobody', async () => {
  const { authorization, world, status } = scene();
  authorization.heard('old', { status: 'Accepted', expiry: new Date('2025-01-01T00:00:00Z') });
  authorization.heard('good', { status: 'Accepted' });
  world.online = false;
  expect([await status('old'), await status('good')]).toEqual(['Expired', 'Accepted']);
  expect(authorization.clearCache()).toBe(true);
  expect(await status('good')).toBe('Invalid');
});
