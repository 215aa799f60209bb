import { describe, expect, test } from 'vitest';
import { testSessions } from '../test-support/test-session.ts';

const startTestSession = testSessions();

interface Answer16 {
  idTagInfo: { status: string; parentIdTag?: string; expiryDate?: string };
}
interface Answer2x {
  idTokenInfo: { status: string; groupIdToken?: { idToken: string; type: string } };
}

describe('authorization', () => {
  test('TC_023_1: an unknown tag is Invalid, remembered, and accepted by one call', async () => {
    const session = await startTestSession();
    const authorize = () => session.call<Answer16>('Authorize', { idTag: 'NEW1' });
    expect((await authorize()).idTagInfo).toEqual({ status: 'Invalid' });
    await authorize();
    const unknown = await session.rest<{ items: object[] }>('GET', '/id-tokens/unknown');
    expect(unknown.body.items).toMatchObject([
      { idToken: 'NEW1', count: 2, lastSeenAtChargePoint: 'CP001', lastAction: 'Authorize' },
    ]);
    expect((await session.rest('POST', '/id-tokens/unknown/NEW1/accept')).status).toBe(201);
    expect((await authorize()).idTagInfo).toEqual({ status: 'Accepted' });
    expect((await session.rest<{ items: object[] }>('GET', '/id-tokens/unknown')).body.items).toEqual([]);
    expect(session.events.map(({ event, data }) => [event, data])).toEqual([
      ['IdTokenRefused', { idToken: 'NEW1', status: 'Unknown' }],
      ['IdTokenRefused', { idToken: 'NEW1', status: 'Unknown' }],
    ]);
  });

  test('TC_023_2, TC_023_3: expired is Expired, blocked is Blocked', async () => {
    const session = await startTestSession();
    await session.addToken('OLD', { expiresAt: '2025-12-31T00:00:00+01:00' });
    await session.addToken('BAD', { status: 'Blocked' });
    expect((await session.call<Answer16>('Authorize', { idTag: 'OLD' })).idTagInfo).toEqual({
      status: 'Expired',
      expiryDate: '2025-12-30T23:00:00.000Z',
    });
    expect((await session.call<Answer16>('Authorize', { idTag: 'BAD' })).idTagInfo).toEqual({ status: 'Blocked' });
  });

  test('TC_053, TC_C_39: the parent, or group, is returned', async () => {
    const session = await startTestSession();
    await session.addToken('A', { parentIdToken: 'FLEET' });
    expect(await session.call('Authorize', { idTag: 'a' })).toEqual({
      idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET' },
    });
    const asked = { idToken: { idToken: 'A', type: 'ISO14443' } };
    expect(await session.call('Authorize', asked, { version: 'ocpp2.0.1' })).toEqual({
      idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } },
    });
  });

  test('C01.FR.22: not allowed at this charge point', async () => {
    const session = await startTestSession();
    await session.addToken('A', { chargePoints: ['CP002'] });
    const asked = { idToken: { idToken: 'A', type: 'ISO14443' } };
    const ask = (client: string) => session.call<Answer2x>('Authorize', asked, { version: 'ocpp2.1', client });
    expect((await ask('CP001')).idTokenInfo.status).toBe('NotAtThisLocation');
    expect((await ask('CP002')).idTokenInfo.status).toBe('Accepted');
    expect((await session.call<Answer16>('Authorize', { idTag: 'A' })).idTagInfo.status).toBe('Invalid');
  });

  test('TC_C_02: unknown in 2.x is Unknown; C01.FR.25: another type is another token', async () => {
    const session = await startTestSession({ version: 'ocpp2.0.1' });
    await session.addToken('A', { type: 'ISO14443' });
    const ask = (idToken: string, type: string) => session.call<Answer2x>('Authorize', { idToken: { idToken, type } });
    expect((await ask('B', 'ISO14443')).idTokenInfo.status).toBe('Unknown');
    expect((await ask('A', 'eMAID')).idTokenInfo.status).toBe('Unknown');
    expect((await ask('a', 'ISO14443')).idTokenInfo.status).toBe('Accepted');
  });

  test('C02.FR.02: a button needs no token', async () => {
    const session = await startTestSession({ version: 'ocpp2.0.1' });
    const ask = (type: string) => session.call<Answer2x>('Authorize', { idToken: { idToken: '', type } });
    expect((await ask('NoAuthorization')).idTokenInfo.status).toBe('Accepted');
    expect((await ask('ISO14443')).idTokenInfo.status).toBe('Invalid');
  });

  test('a token for one transaction at a time is ConcurrentTx at a second start, not at Authorize', async () => {
    const session = await startTestSession();
    await session.addToken('A', { allowConcurrent: false });
    const start = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: '2026-01-02T02:00:00Z' };
    const begin = async (client: string) =>
      (await session.call<Answer16>('StartTransaction', start, { client })).idTagInfo.status;
    expect(await begin('CP1')).toBe('Accepted');
    expect(await begin('CP1')).toBe('Accepted');
    expect(await begin('CP2')).toBe('ConcurrentTx');
    expect((await session.call<Answer16>('Authorize', { idTag: 'A' }, { client: 'CP1' })).idTagInfo.status).toBe(
      'Accepted',
    );
  });

  test('acceptAllTokens accepts what is not known and refuses what is blocked', async () => {
    const session = await startTestSession({ settings: { acceptAllTokens: true } });
    await session.addToken('BAD', { status: 'Blocked' });
    expect((await session.call<Answer16>('Authorize', { idTag: 'ANY' })).idTagInfo.status).toBe('Accepted');
    expect((await session.call<Answer16>('Authorize', { idTag: 'BAD' })).idTagInfo.status).toBe('Blocked');
  });

  test('unknown tokens are bounded: the ones not seen for longest go', async () => {
    const session = await startTestSession({ settings: { rememberedUnknownTokens: 3 } });
    for (let n = 0; n < 6; n++) {
      session.setTime(`2026-01-02T03:00:0${n}.000Z`);
      await session.call('Authorize', { idTag: `T${n}` });
    }
    const { body } = await session.rest<{ items: { idToken: string }[] }>('GET', '/id-tokens/unknown');
    expect(body.items.map(({ idToken }) => idToken)).toEqual(['T5', 'T4', 'T3']);
  });

  test('id tokens over REST: listed in pages, changed, deleted, refused twice', async () => {
    const session = await startTestSession();
    for (const name of ['a1', 'a2', 'a3'])
      await session.addToken(name, { note: 'fleet', expiresAt: '2027-01-01T00:00:00Z' });
    expect((await session.rest('POST', '/id-tokens', { idToken: 'A1' })).status).toBe(409);
    expect((await session.rest('POST', '/id-tokens', { idToken: 'x', status: 'Fine' })).status).toBe(400);
    const one = await session.rest<{ items: { idToken: string }[]; nextCursor: string }>('GET', '/id-tokens?limit=2');
    const two = await session.rest<{ items: { idToken: string }[]; nextCursor?: string }>(
      'GET',
      `/id-tokens?limit=2&cursor=${one.body.nextCursor}`,
    );
    expect([...one.body.items, ...two.body.items].map(({ idToken }) => idToken)).toEqual(['a1', 'a2', 'a3']);
    expect(two.body.nextCursor).toBeUndefined();
    const changed = await session.rest<object>('PATCH', '/id-tokens/A2', { status: 'Blocked', expiresAt: null });
    expect(changed.body).toMatchObject({ idToken: 'a2', status: 'Blocked', note: 'fleet' });
    expect(changed.body).not.toHaveProperty('expiresAt');
    expect((await session.rest('DELETE', '/id-tokens/a2')).status).toBe(204);
    expect((await session.rest('GET', '/id-tokens/a2')).status).toBe(404);
  });

  test('every decision is on record, newest first, with the reason', async () => {
    const session = await startTestSession();
    await session.addToken('BAD', { status: 'Blocked' });
    await session.call('Authorize', { idTag: 'BAD' });
    await session.call('Authorize', { idTag: 'NEW' });
    const { body } = await session.rest<{ items: object[] }>('GET', '/authorizations');
    expect(body.items).toMatchObject([
      { idToken: 'NEW', status: 'Unknown', reason: 'not known', networkId: 'CP001', action: 'Authorize' },
      { idToken: 'BAD', status: 'Blocked', reason: 'its status is Blocked' },
    ]);
    expect((await session.rest<{ items: object[] }>('GET', '/authorizations?idToken=bad')).body.items).toHaveLength(1);
  });
});

test('a token is found by a part of it, in which % and _ are themselves', async () => {
  const session = await startTestSession();
  for (const idToken of ['TAG_1', 'TAGX1', 'TAG%1', 'TAG\\1']) await session.addToken(idToken);
  const found = async (q: string) => {
    const path = `/id-tokens?q=${encodeURIComponent(q)}`;
    const { body } = await session.rest<{ items: { idToken: string }[] }>('GET', path);
    return body.items.map(({ idToken }) => idToken);
  };
  expect(await found('g_1')).toEqual(['TAG_1']);
  expect(await found('G%')).toEqual(['TAG%1']);
  expect(await found('\\')).toEqual(['TAG\\1']);
});
