import { deadlocksIn } from '@ocpp-csms/storage/test-support';
import { describe, expect, test } from 'vitest';
import { eventually, type Reaction, testDeviceManagers } from './test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();
const accepted: Reaction = { response: { status: 'Accepted' } };
const startTwo = () =>
  startTestDeviceManager({
    two: true,
    settings: { deviceManager: { commandTimeoutSeconds: 8 }, csmsServer: { settleSeconds: 0 } },
  });

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const nameOf = (n: number) => `CP${String(n).padStart(3, '0')}`;

// Several at once write one database with PostgreSQL alone: of the vitest project `postgresql`.
describe('two instances on one database', () => {
  test('whoever takes the answer, the one that was asked for the command tells it at once', async () => {
    const dm = await startTwo();
    await Promise.all(range(20).map((n) => dm.create(nameOf(n))));
    const reactions: Reaction[] = [
      accepted,
      { drop: 'the connection ended' },
      'silence',
      { error: { code: 'InternalError', description: '' } },
    ];
    for (const n of range(20)) await dm.connect(nameOf(n), 'ocpp1.6', () => reactions[n % 4] ?? accepted);
    // What is written and not answered: csms-server says so after a while.
    const unanswered = eventually(
      async () => dm.sent.filter(({ client }) => Number(client.slice(2)) % 4 === 2).length === 5,
    ).then(() =>
      Promise.all(
        dm.sent
          .filter(({ client }) => Number(client.slice(2)) % 4 === 2)
          .map(({ client, id }) => dm.event(client, 'CallUnanswered', { callId: id, reason: 'timeout' })),
      ),
    );
    const begun = Date.now();
    const answers = await Promise.all(
      range(20).map((n) => {
        const ask = n % 8 < 4 ? dm.rest : dm.restOfOther;
        return ask('POST', `/charge-points/${nameOf(n)}/commands/ClearCache`, {});
      }),
    );
    await unanswered;
    expect(Date.now() - begun).toBeLessThan(6000);
    const statuses = ['answered', 409, 504, 'rejected'];
    expect(answers.map(({ body }) => body.status)).toEqual(range(20).map((n) => statuses[n % 4]));
  });

  test('what waits for a charge point is sent once and in order, whoever was asked for it', async () => {
    const dm = await startTwo();
    await dm.create('CP001', { assumedProtocol: 'ocpp1.6' });
    for (const n of range(8)) {
      const ask = n % 2 === 0 ? dm.rest : dm.restOfOther;
      const { status } = await ask('POST', '/charge-points/CP001/commands/ChangeConfiguration?queueForSeconds=600', {
        key: 'K',
        value: String(n),
      });
      expect(status).toBe(202);
    }
    await dm.connect('CP001', 'ocpp1.6', () => accepted);
    await eventually(async () => {
      const { body } = await dm.rest('GET', '/charge-points/CP001/commands?limit=20');
      return body.items.length === 8 && body.items.every(({ status }: { status: string }) => status === 'answered');
    });
    const values = dm.sent.map(({ body }) => (body.messageBody as { value: string }).value);
    expect(values).toEqual(range(8).map(String));
  });

  test('what waits at an instance that does not come back is sent by the other', { timeout: 15_000 }, async () => {
    const dm = await startTwo();
    await dm.create('CP001', { assumedProtocol: 'ocpp1.6' });
    await dm.restOfOther('POST', '/charge-points/CP001/commands/ClearCache?queueForSeconds=600', {});
    await dm.stopOther();
    await dm.connect('CP001', 'ocpp1.6', () => accepted);
    const isAnswered = async () =>
      (await dm.rest('GET', '/charge-points/CP001/commands')).body.items[0].status === 'answered';
    for (let attempt = 0; attempt < 5 && !(await eventually(isAnswered).catch(() => false)); attempt++);
    expect(await isAnswered()).toBe(true);
    expect(dm.sent.length).toBe(1);
    await dm.startOther();
  });

  test('an instance that starts settles its own commands alone', async () => {
    const dm = await startTwo();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => 'nothing');
    const asked = dm.rest('POST', '/charge-points/CP001/commands/ClearCache', {});
    await eventually(async () => dm.sent.length === 1);
    await dm.stopOther();
    await dm.startOther();
    const { body } = await dm.rest('GET', '/charge-points/CP001/commands');
    expect(body.items[0].status).toBe('queued');
    const [call] = dm.sent;
    if (call) await dm.answer(call, { response: { status: 'Accepted' } });
    expect((await asked).body.status).toBe('answered');
  });

  test('a template is applied once after a boot, by one of them', async () => {
    const dm = await startTwo();
    const settings = ['A', 'B', 'C'].map((key) => ({ key, value: '1' }));
    const { body: template } = await dm.rest('POST', '/templates', { name: 'T', settings });
    const values = new Map<string, string>();
    for (const n of range(6)) {
      const networkId = nameOf(n);
      await dm.create(networkId, { templateId: template.templateId });
      await dm.connect(networkId, 'ocpp1.6', ({ action, payload }) => {
        if (action !== 'ChangeConfiguration')
          return {
            response: {
              configurationKey: ['A', 'B', 'C'].map((key) => ({
                key,
                readonly: false,
                value: values.get(networkId + key) ?? '0',
              })),
            },
          };
        values.set(networkId + String(payload.key), String(payload.value));
        return accepted;
      });
    }
    await Promise.all(range(6).map((n) => dm.boot(nameOf(n))));
    await eventually(async () => {
      const jobs = await Promise.all(
        range(6).map((n) => dm.restOfOther('GET', `/charge-points/${nameOf(n)}/template-job`)),
      );
      return jobs.every(({ body }) => body.status === 'done');
    });
    const writes = dm.sent.filter(({ body }) => body.messageType === 'ChangeConfiguration');
    expect(writes.map(({ client, body }) => client + (body.messageBody as { key: string }).key).sort()).toEqual(
      range(6).flatMap((n) => ['A', 'B', 'C'].map((key) => nameOf(n) + key)),
    );
  });

  test('a request with an Idempotency-Key that comes to both at once makes one command', async () => {
    const dm = await startTwo();
    await dm.create('CP001');
    await dm.connect('CP001');
    const headers = { 'idempotency-key': 'once' };
    const asked = [dm.rest, dm.restOfOther, dm.rest, dm.restOfOther].map((ask) =>
      ask('POST', '/charge-points/CP001/commands/ClearCache', {}, headers),
    );
    const ids = (await Promise.all(asked)).map(({ body }) => body.commandId);
    expect(new Set(ids).size).toBe(1);
    expect(dm.sent.length).toBe(1);
  });

  test('of two that register the same charge point one is refused, and changes of both reach the cache', async () => {
    const dm = await startTwo();
    const answers = await Promise.all(
      [dm.rest, dm.restOfOther].map((ask) => ask('POST', '/charge-points', { networkId: 'CP001' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const changes = range(10).flatMap((n) => [
      dm.rest('PATCH', '/charge-points/CP001', { heartbeatIntervalSeconds: 100 + n }),
      dm.restOfOther('PATCH', '/charge-points/CP001', { heartbeatIntervalSeconds: 200 + n }),
    ]);
    expect((await Promise.all(changes)).every(({ status }) => status === 200)).toBe(true);
    const { body } = await dm.rest('GET', '/charge-points/CP001');
    const record = await eventually(async () => {
      const mirrored = await dm.cache.auth.get('CP001');
      return mirrored?.heartbeatIntervalSeconds === body.heartbeatIntervalSeconds && mirrored;
    });
    expect(record.networkId).toBe('CP001');
  });

  test('charge points that come and go at both are deleted and registered without a trace in the cache', async () => {
    const dm = await startTwo();
    for (const n of range(10)) {
      await dm.create('CP001');
      const [deleted] = await Promise.all([
        dm.restOfOther('DELETE', '/charge-points/CP001'),
        dm.rest('PATCH', '/charge-points/CP001', { name: `N${n}` }),
      ]);
      expect(deleted?.status).toBe(204);
    }
    await dm.create('CP001');
    await eventually(async () => (await dm.cache.auth.get('CP001')) !== undefined);
  });

  test('more refusals than are remembered, at both at once: the latest are kept, and nobody waits in a circle', async () => {
    const dm = await startTestDeviceManager({ two: true, settings: { auth: { rememberedRefusals: 5 } } });
    await Promise.all(range(400).map((n) => dm.refused(nameOf((n * 7) % 40))));
    await dm.refused('LAST');
    await dm.withDatabase(async (database) => {
      const kept = await database.read.selectFrom('refused_connection').select('network_id').execute();
      expect(kept.length).toBe(5);
      expect(kept.map(({ network_id }) => network_id)).toContain('LAST');
      expect(await deadlocksIn(database)).toBe(0);
    });
    expect(await dm.bus.parked.count()).toBe(0);
  });

  test('boots, statuses and refusals of many charge points at once are kept by both, each once', async () => {
    const dm = await startTwo();
    await Promise.all(range(30).map((n) => dm.create(nameOf(n))));
    for (const n of range(30)) await dm.connect(nameOf(n));
    const status = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
    await Promise.all(
      range(30).flatMap((n) => [
        dm.boot(nameOf(n)),
        dm.tell(nameOf(n), 'StatusNotification', status),
        dm.refused(nameOf(n % 5), { count: 1 }),
        dm.restOfOther('PATCH', `/charge-points/${nameOf(n)}`, { name: 'renamed' }),
      ]),
    );
    await dm.withDatabase(async ({ read }) => {
      expect((await read.selectFrom('boot').selectAll().execute()).length).toBe(30);
      expect((await read.selectFrom('connector').selectAll().execute()).length).toBe(30);
      const refused = await read.selectFrom('refused_connection').select(['network_id', 'count']).execute();
      expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(30);
      const names = await read.selectFrom('charge_point').select('name').distinct().execute();
      expect(names).toEqual([{ name: 'renamed' }]);
    });
    expect(await dm.bus.parked.count()).toBe(0);
  });
});
