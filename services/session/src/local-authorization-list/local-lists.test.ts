import { describe, expect, test } from 'vitest';
import { type TestSession, testSessions } from '../test-support/test-session.ts';
import type { ListOutcome } from './send-list.ts';

const startTestSession = testSessions();

type Version = 'ocpp1.6' | 'ocpp2.0.1';

async function prepare(version: Version = 'ocpp1.6'): Promise<TestSession> {
  const session = await startTestSession({ version });
  await session.tell('BootNotification', {});
  await session.addToken('A', { parentIdToken: 'FLEET' });
  await session.addToken('B', { status: 'Blocked' });
  await session.addToken('ELSEWHERE', { chargePoints: ['CP002'] });
  session.onCommand(() => ({ response: { status: 'Accepted' } }));
  return session;
}

const send = (session: TestSession, mode: string, more: object = {}) =>
  session.rest<ListOutcome>('POST', '/local-lists/CP001', { mode, ...more });
const list = async (session: TestSession) =>
  (
    await session.rest<{ version: number; reportedVersion?: number; entries: { idToken: string }[] }>(
      'GET',
      '/local-lists/CP001',
    )
  ).body;
const lastPayload = (session: TestSession) => session.commands.at(-1)?.payload;

describe('local authorization lists', () => {
  test('TC_043_4: a full list has idTagInfo in every entry', async () => {
    const session = await prepare();
    expect((await send(session, 'full')).body).toMatchObject({ status: 'Accepted', version: 1, entries: 2 });
    expect(lastPayload(session)).toEqual({
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList: [
        { idTag: 'A', idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET' } },
        { idTag: 'B', idTagInfo: { status: 'Blocked' } },
      ],
    });
  });

  test('TC_043_5, TC_D_03: a differential one has a higher version and what changed alone', async () => {
    const session = await prepare();
    await send(session, 'full');
    await session.rest('PATCH', '/id-tokens/B', { status: 'Accepted' });
    await session.rest('DELETE', '/id-tokens/A');
    await session.addToken('C');
    expect((await send(session, 'differential')).body).toMatchObject({ mode: 'differential', version: 2 });
    expect(lastPayload(session)).toEqual({
      listVersion: 2,
      updateType: 'Differential',
      localAuthorizationList: [
        { idTag: 'B', idTagInfo: { status: 'Accepted' } },
        { idTag: 'C', idTagInfo: { status: 'Accepted' } },
        { idTag: 'A' },
      ],
    });
    expect((await list(session)).entries.map(({ idToken }) => idToken).sort()).toEqual(['B', 'C']);
    expect((await send(session, 'differential')).body).toMatchObject({ status: 'Unchanged', version: 2 });
  });

  test('VersionMismatch: the whole list is sent', async () => {
    const session = await prepare();
    await send(session, 'full');
    await session.addToken('C');
    session.onCommand(({ payload }) => ({
      response: { status: JSON.stringify(payload).includes('Differential') ? 'VersionMismatch' : 'Accepted' },
    }));
    expect((await send(session, 'differential')).body).toMatchObject({ status: 'Accepted', mode: 'full', entries: 3 });
  });

  test.each(['NotSupported', 'Failed'])('TC_043_1, TC_043_3: %s is survived and stores nothing', async (said) => {
    const session = await prepare();
    session.onCommand(() => ({ response: { status: said } }));
    expect((await send(session, 'full')).body).toMatchObject({ status: said });
    expect(await list(session)).toMatchObject({ version: 0, entries: [] });
  });

  test.each([-1, 0, 12])('TC_042: list version %i is known as reported', async (listVersion) => {
    const session = await prepare();
    await session.answered('GetLocalListVersion', {}, { listVersion });
    expect(await list(session)).toMatchObject({ version: 0, reportedVersion: listVersion });
    await send(session, 'full');
    expect((await list(session)).version).toBe(Math.max(listVersion, 0) + 1);
  });

  test('a charge point that nobody knows has no list', async () => {
    const session = await prepare();
    expect((await session.rest('GET', '/local-lists/NOBODY')).status).toBe(404);
    expect((await session.rest('GET', '/local-lists/id-of-CP001')).status).toBe(200);
  });

  test('a list sent as a command is known', async () => {
    const session = await prepare('ocpp2.0.1');
    const entry = (idToken: string) => ({
      idToken: { idToken, type: 'ISO14443' },
      idTokenInfo: { status: 'Accepted' },
    });
    await session.answered(
      'SendLocalList',
      { versionNumber: 7, updateType: 'Full', localAuthorizationList: [entry('X'), entry('Y')] },
      { status: 'Accepted' },
    );
    await session.answered(
      'SendLocalList',
      {
        versionNumber: 8,
        updateType: 'Differential',
        localAuthorizationList: [{ idToken: { idToken: 'X', type: 'ISO14443' } }],
      },
      { status: 'Accepted' },
    );
    await session.answered('SendLocalList', { versionNumber: 9, updateType: 'Full' }, { status: 'Failed' });
    expect(await list(session)).toMatchObject({
      version: 8,
      entries: [{ idToken: 'Y', type: 'ISO14443', status: 'Accepted' }],
    });
  });

  test('a long list goes out in parts, the first one full', async () => {
    const session = await prepare();
    for (let n = 0; n < 5; n++) await session.addToken(`C${n}`);
    expect((await send(session, 'full', { entriesPerMessage: 3 })).body).toMatchObject({ version: 3, entries: 7 });
    expect(session.commands.map(({ payload }) => (payload as { updateType: string }).updateType)).toEqual([
      'Full',
      'Differential',
      'Differential',
    ]);
    expect((await list(session)).entries).toHaveLength(7);
  });

  test('TC_D_04: an empty 2.x list has no entries at all', async () => {
    const session = await startTestSession({ version: 'ocpp2.0.1' });
    await session.tell('BootNotification', {});
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    await send(session, 'full');
    expect(lastPayload(session)).toEqual({ versionNumber: 1, updateType: 'Full' });
  });
});
