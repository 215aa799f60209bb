import { type OcppVersion, requestSchema } from '@ocpp-csms/ocpp';
import { describe, expect, test } from 'vitest';
import { eventually, testDeviceManagers } from '../test-support/test-device-manager.ts';
import { sendableActions } from './check-command.ts';

const startTestDeviceManager = testDeviceManagers();

describe('a command to a connected charge point', () => {
  test('goes to the node and epoch of its connection, and HTTP answers with what it said', async () => {
    const dm = await startTestDeviceManager();
    const { chargePointId } = await dm.create('CP001');
    const { epoch } = await dm.connect('CP001');
    const { status, body } = await dm.command('CP001', 'Reset', { type: 'Soft' });
    expect(status).toBe(200);
    expect(body).toEqual({
      commandId: body.commandId,
      messageId: body.commandId,
      status: 'answered',
      response: { status: 'Accepted' },
    });
    const [call] = dm.sent;
    expect(call).toMatchObject({
      serverNode: 'csms-1',
      client: 'CP001',
      connection: epoch,
      protocol: 'ocpp1.6',
      origin: 'server',
      replyTo: 'dm-1/device-manager',
      body: { direction: 2, msgId: body.messageId, messageType: 'Reset', messageBody: { type: 'Soft' } },
    });
    expect(Date.parse(call!.notAfter!)).toBeGreaterThan(Date.now());
    const stored = await dm.rest('GET', `/commands/${body.commandId}`);
    expect(stored.body).toMatchObject({
      chargePointId,
      networkId: 'CP001',
      action: 'Reset',
      protocol: 'ocpp1.6',
      payload: { type: 'Soft' },
      status: 'answered',
      requestedBy: 'admin',
    });
    expect(stored.body.sentAt).not.toBeNull();
    expect((await dm.rest('GET', '/charge-points/CP001/commands')).body.items).toEqual([stored.body]);
    expect((await dm.rest('GET', '/commands?status=answered&status=sent')).body.items).toEqual([stored.body]);
    expect((await dm.rest('GET', '/commands?status=rejected')).body.items).toEqual([]);
    expect((await dm.rest('GET', '/commands?from=2126-01-01T00:00:00Z')).body.items).toEqual([]);
    // It comes by the log and directly: told once.
    expect(dm.events.filter(({ event }) => event === 'CommandFinished')).toEqual([
      expect.objectContaining({
        client: 'CP001',
        data: { commandId: body.commandId, action: 'Reset', status: 'answered' },
      }),
    ]);
  });

  test('that it answers with a CALLERROR is rejected, with the error (TC_K_15)', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => ({ error: { code: 'NotSupported', description: 'no such feature' } }));
    const { status, body } = await dm.command('CP001', 'ClearCache');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'rejected', error: { code: 'NotSupported', description: 'no such feature' } });
  });

  test('TC_026_CSMS TC_028_CSMS TC_030_CSMS TC_040_1_CSMS a refusal in the answer is an answer', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', ({ action }) => ({
      response: { status: action === 'UnlockConnector' ? 'UnlockFailed' : 'Rejected' },
    }));
    for (const [action, payload] of [
      ['RemoteStartTransaction', { idTag: 'A' }],
      ['RemoteStopTransaction', { transactionId: 4711 }],
      ['UnlockConnector', { connectorId: 1 }],
      ['ChangeConfiguration', { key: 'Nonsense', value: '1' }],
    ] as const) {
      const { status, body } = await dm.command('CP001', action, payload);
      expect([action, status, body.status]).toEqual([action, 200, 'answered']);
    }
  });

  test('TC_031_CSMS TC_040_2_CSMS TC_049_CSMS TC_052_CSMS TC_055_CSMS what the schema allows is sent', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    for (const [action, payload] of [
      ['UnlockConnector', { connectorId: 99 }],
      ['ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '-1' }],
      ['ReserveNow', { connectorId: 0, expiryDate: '2030-01-01T00:00:00Z', idTag: 'A', reservationId: 1 }],
      ['CancelReservation', { reservationId: 999_999 }],
      ['TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 99 }],
    ] as const) {
      expect((await dm.command('CP001', action, payload)).status).toBe(200);
    }
    expect(dm.sent).toHaveLength(5);
  });

  test('that it does not answer is timed out: 504, and a late answer counts all the same', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => 'silence');
    const { status, body } = await dm.command('CP001', 'ClearCache');
    expect(status).toBe(504);
    expect(body).toMatchObject({ type: 'urn:ocpp-csms:problem:command-timed-out', commandStatus: 'timed-out' });
    await dm.answer(dm.sent[0]!, { response: { status: 'Accepted' } });
    expect((await dm.rest('GET', `/commands/${body.commandId}`)).body).toMatchObject({
      status: 'answered',
      response: { status: 'Accepted' },
    });
    expect(dm.events.filter(({ event }) => event === 'CommandFinished').map(({ data }) => data.status)).toEqual([
      'timed-out',
      'answered',
    ]);
  });

  test('of which nothing is heard is unknown, and not sent again', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => 'nothing');
    const { status, body } = await dm.command('CP001', 'ClearCache');
    expect([status, body.commandStatus]).toEqual([504, 'unknown']);
    await dm.boot('CP001');
    expect(dm.sent).toHaveLength(1);
  });

  test('that csms-server could not bring to its end tells timeout from disconnection', async () => {
    const dm = await startTestDeviceManager({ settings: { deviceManager: { commandTimeoutSeconds: 30 } } });
    await dm.create('CP001');
    const reasons = ['timeout', 'closed'];
    await dm.connect('CP001', 'ocpp1.6', ({ envelope }) => {
      const reason = reasons.shift();
      setTimeout(
        () =>
          void dm.event('CP001', 'CallUnanswered', {
            callId: envelope.id,
            msgId: envelope.id,
            action: 'ClearCache',
            reason,
          }),
        50,
      );
      return 'silence';
    });
    expect((await dm.command('CP001', 'ClearCache')).body.commandStatus).toBe('timed-out');
    expect((await dm.command('CP001', 'ClearCache')).body.commandStatus).toBe('unknown');
  });

  test('that csms-server refuses is 409, or 503 when its queue is full, and was surely not sent', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const reactions = [
      { refuse: 'The charge point has connected anew since' },
      { refuse: 'Too many CALLs wait for this charge point' },
      { drop: 'the connection closed before it could be written' },
    ];
    await dm.connect('CP001', 'ocpp1.6', () => reactions.shift()!);
    const gone = await dm.command('CP001', 'ClearCache');
    expect(gone.status).toBe(409);
    expect(gone.body.detail).toMatch(/connected anew/);
    expect((await dm.rest('GET', `/commands/${gone.body.commandId}`)).body).toMatchObject({
      status: 'rejected',
      error: { code: 'NotSent' },
    });
    expect((await dm.command('CP001', 'ClearCache')).status).toBe(503);
    const dropped = await dm.command('CP001', 'ClearCache');
    expect(dropped.status).toBe(409);
    expect(dropped.body.detail).toMatch(/closed before/);
  });

  test('with wait=false is answered 202 at once', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    const { status, body } = await dm.command('CP001', 'ClearCache', {}, '?wait=false');
    expect(status).toBe(202);
    expect(['queued', 'sent']).toContain(body.status);
    await eventually(async () => (await dm.rest('GET', `/commands/${body.commandId}`)).body.status === 'answered');
  });

  test('has room in a bounded queue only', async () => {
    const dm = await startTestDeviceManager({
      settings: { deviceManager: { maxQueuedCommandsPerChargePoint: 2, commandTimeoutSeconds: 30 } },
    });
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => 'silence');
    await dm.command('CP001', 'ClearCache', {}, '?wait=false');
    await dm.command('CP001', 'ClearCache', {}, '?wait=false');
    const { status, body } = await dm.command('CP001', 'ClearCache', {}, '?wait=false');
    expect(status).toBe(503);
    expect(body.type).toBe('urn:ocpp-csms:problem:queue-full');
  });
});

describe('a command that can not be', () => {
  test('unknown actions are 404 with those that there are; what charge points send is 400; so is a wrong payload, in words', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    const unknown = await dm.command('CP001', 'RequestStartTransaction');
    expect(unknown.status).toBe(404);
    expect(unknown.body.actions).toContain('RemoteStartTransaction');
    expect(unknown.body.actions).not.toContain('Heartbeat');
    expect((await dm.command('CP001', 'Heartbeat')).status).toBe(400);
    const wrong = await dm.command('CP001', 'UnlockConnector', { connectorId: 'one', more: 1 });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors).toEqual(
      expect.arrayContaining([
        { path: 'body/connectorId', message: expect.stringContaining('integer') },
        { path: 'body/more', message: expect.stringContaining('not known') },
      ]),
    );
    expect((await dm.command('CP001', 'constructor')).status).toBe(404);
    expect((await dm.command('NOBODY', 'Reset')).status).toBe(404);
    expect(dm.sent).toEqual([]);
  });

  test('Pending forbids remote start and stop, Rejected everything (B02.FR.05, B03.FR.03)', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001', { registration: 'Pending' });
    await dm.connect('CP001');
    const start = await dm.command('CP001', 'RemoteStartTransaction', { idTag: 'A' });
    expect([start.status, start.body.type]).toEqual([409, 'urn:ocpp-csms:problem:registration-pending']);
    expect((await dm.command('CP001', 'TriggerMessage', { requestedMessage: 'BootNotification' })).status).toBe(200);
    await dm.rest('PATCH', '/charge-points/CP001', { registration: 'Rejected' });
    expect((await dm.command('CP001', 'TriggerMessage', { requestedMessage: 'BootNotification' })).status).toBe(409);
    expect(dm.sent).toHaveLength(1);
  });
});

describe('an Idempotency-Key', () => {
  test('makes of a repeat the same command, also at the same time, and of another body 422', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    const headers = { 'idempotency-key': 'k-1' };
    const [first, second] = await Promise.all([
      dm.command('CP001', 'Reset', { type: 'Soft' }, '', headers),
      dm.command('CP001', 'Reset', { type: 'Soft' }, '', headers),
    ]);
    expect(first.body).toEqual(second.body);
    await dm.disconnect('CP001');
    expect((await dm.command('CP001', 'Reset', { type: 'Soft' }, '', headers)).body).toEqual(first.body);
    expect(dm.sent).toHaveLength(1);
    const other = await dm.command('CP001', 'Reset', { type: 'Hard' }, '', headers);
    expect([other.status, other.body.type]).toEqual([422, 'urn:ocpp-csms:problem:idempotency-key-reused']);
  });
});

describe('a charge point that is offline', () => {
  test('gets 409 at once for what must not happen later, queued or not', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    await dm.disconnect('CP001');
    for (const [action, payload] of [
      ['RemoteStartTransaction', { idTag: 'A' }],
      ['RemoteStopTransaction', { transactionId: 1 }],
      ['ReserveNow', { connectorId: 1, expiryDate: '2030-01-01T00:00:00Z', idTag: 'A', reservationId: 1 }],
      ['Reset', { type: 'Soft' }],
      ['UnlockConnector', { connectorId: 1 }],
      ['TriggerMessage', { requestedMessage: 'Heartbeat' }],
    ] as const) {
      const { status, body } = await dm.command('CP001', action, payload, '?queueForSeconds=600');
      expect([action, status, body.type]).toEqual([action, 409, 'urn:ocpp-csms:problem:not-connected']);
    }
    const { status, body } = await dm.command('CP001', 'ClearCache');
    expect(status).toBe(409);
    expect(body.detail).toMatch(/queueForSeconds/);
    expect((await dm.command('CP001', 'ClearCache', {}, '?queueForSeconds=604801')).status).toBe(400);
  });

  test('gets queued commands in order, one after the other, when it has booted', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const never = await dm.command('CP001', 'ClearCache', {}, '?queueForSeconds=60');
    expect([never.status, never.body.detail]).toEqual([409, expect.stringContaining('version')]);
    const ids: string[] = [];
    for (const value of ['1', '2', '3']) {
      const { status, body } = await dm.command(
        'CP001',
        'ChangeConfiguration',
        { key: 'K', value },
        '?queueForSeconds=60&version=ocpp1.6',
      );
      expect([status, body.status]).toEqual([202, 'queued']);
      ids.push(body.commandId);
    }
    await dm.connect('CP001');
    expect(dm.sent).toEqual([]);
    await dm.boot('CP001');
    await eventually(async () => (await dm.rest('GET', `/commands/${ids[2]}`)).body.status === 'answered');
    expect(dm.sent.map(({ id }) => id)).toEqual(ids);
  });

  test('gets them also when it comes back without a boot and has settled; what csms-server does not take waits on', async () => {
    const dm = await startTestDeviceManager({ settings: { csmsServer: { settleSeconds: 30 } } });
    await dm.create('CP001');
    const { body } = await dm.command('CP001', 'ClearCache', {}, '?queueForSeconds=600&version=ocpp1.6');
    let refusals = 1;
    await dm.connect('CP001', 'ocpp1.6', () =>
      refusals-- > 0 ? { refuse: 'The charge point is not connected here' } : { response: { status: 'Accepted' } },
    );
    dm.pass(31_000);
    await eventually(async () => refusals === 0);
    expect((await dm.rest('GET', `/commands/${body.commandId}`)).body).toMatchObject({
      status: 'queued',
      finishedAt: null,
    });
    await expect
      .poll(async () => (await dm.rest('GET', `/commands/${body.commandId}`)).body.status, { timeout: 6000 })
      .toBe('answered');
  });

  test('may be given a command no later than the caller has said, also when it comes back just before', async () => {
    const dm = await startTestDeviceManager({ settings: { deviceManager: { commandTimeoutSeconds: 30 } } });
    await dm.create('CP001');
    const { body } = await dm.command('CP001', 'ClearCache', {}, '?queueForSeconds=10&version=ocpp1.6');
    const { notAfter } = (await dm.rest('GET', `/commands/${body.commandId}`)).body;
    await dm.connect('CP001');
    await dm.boot('CP001');
    await eventually(async () => dm.sent.length > 0);
    expect(dm.sent[0]?.notAfter).toBe(notAfter);
  });

  test('does not get what has expired', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const { body } = await dm.command('CP001', 'ClearCache', {}, '?queueForSeconds=60&version=ocpp1.6');
    dm.pass(61_000);
    await dm.connect('CP001');
    await dm.boot('CP001');
    await expect
      .poll(async () => (await dm.rest('GET', `/commands/${body.commandId}`)).body.status, { timeout: 6000 })
      .toBe('expired');
    expect(dm.sent).toEqual([]);
  });
});

test('after a crash, what was sent is unknown and never repeated; what waited still waits', async () => {
  const dm = await startTestDeviceManager({ settings: { deviceManager: { commandTimeoutSeconds: 30 } } });
  await dm.create('CP001');
  await dm.create('CP002');
  await dm.connect('CP001', 'ocpp1.6', () => 'silence');
  const sent = await dm.command('CP001', 'ClearCache', {}, '?wait=false');
  const waiting = await dm.command('CP002', 'ClearCache', {}, '?queueForSeconds=600&version=ocpp1.6');
  await eventually(async () => (await dm.rest('GET', `/commands/${sent.body.commandId}`)).body.status === 'sent');
  await dm.restart();
  expect((await dm.rest('GET', `/commands/${sent.body.commandId}`)).body.status).toBe('unknown');
  expect((await dm.rest('GET', `/commands/${waiting.body.commandId}`)).body.status).toBe('queued');
  await dm.boot('CP001');
  await dm.connect('CP002');
  await dm.boot('CP002');
  await eventually(
    async () => (await dm.rest('GET', `/commands/${waiting.body.commandId}`)).body.status === 'answered',
  );
  expect(dm.sent.map(({ client }) => client)).toEqual(['CP001', 'CP002']);
});

test('what an instance had in hand that never came back is unknown after a while', async () => {
  const dm = await startTestDeviceManager({ settings: { deviceManager: { commandTimeoutSeconds: 30 } } });
  await dm.create('CP001');
  await dm.connect('CP001', 'ocpp1.6', () => 'silence');
  const { body } = await dm.command('CP001', 'ClearCache', {}, '?wait=false');
  await dm.restart(() =>
    dm.withDatabase((database) =>
      database.bulk([
        { sql: 'update command set instance = ? where command_id = ?', rows: [['gone', body.commandId]] },
      ]),
    ),
  );
  const status = async () => (await dm.rest('GET', `/commands/${body.commandId}`)).body.status;
  expect(await status()).toMatch(/queued|sent/);
  dm.pass(20 * 60_000);
  await expect.poll(status).toBe('unknown');
});

describe('many at once', () => {
  test('each charge point has its own result', async () => {
    const dm = await startTestDeviceManager();
    for (const networkId of ['CP001', 'CP002', 'CP003']) await dm.create(networkId, { tags: ['site-a'] });
    await dm.create('CP004');
    await dm.connect('CP001');
    await dm.connect('CP002', 'ocpp2.0.1', () => ({ error: { code: 'InternalError', description: '' } }));
    const byId = await dm.rest('POST', '/commands', {
      chargePoints: ['CP001', 'CP002', 'CP003', 'NOBODY'],
      action: 'ClearCache',
      payload: {},
    });
    expect(byId.status).toBe(200);
    expect(
      byId.body.results.map(({ chargePoint, status, error }: Record<string, { code: string }>) => [
        chargePoint,
        status,
        error?.code,
      ]),
    ).toEqual([
      ['CP001', 'answered', undefined],
      ['CP002', 'rejected', 'InternalError'],
      ['CP003', 'refused', 'not-connected'],
      ['NOBODY', 'refused', 'no-such-charge-point'],
    ]);
    const byTag = await dm.rest('POST', '/commands?queueForSeconds=60', {
      filter: { tag: 'site-a' },
      action: 'ClearCache',
      payload: {},
    });
    expect(byTag.body.results).toHaveLength(3);
    expect((await dm.rest('POST', '/commands', { action: 'ClearCache', payload: {} })).status).toBe(400);
  });
});

test('services send commands over the bus, and get refusals as results', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const offline = await dm.bus.request('device-manager.command', {
    chargePoint: 'CP001',
    action: 'Reset',
    payload: { type: 'Soft' },
    requestedBy: 'session',
  });
  expect(offline).toMatchObject({ commandId: '', status: 'rejected', error: { code: 'not-connected' } });
  await dm.connect('CP001');
  const result = await dm.bus.request('device-manager.command', {
    chargePoint: 'CP001',
    action: 'Reset',
    payload: { type: 'Soft' },
    requestedBy: 'session',
  });
  expect(result).toMatchObject({ status: 'answered', response: { status: 'Accepted' } });
});

describe('every action that a CSMS may send', () => {
  test.each<[OcppVersion, number]>([
    ['ocpp1.6', 26],
    ['ocpp2.0.1', 40],
    ['ocpp2.1', 55],
  ])('of %s goes to the charge point, with its answer back', async (version, count) => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', version, () => ({ error: { code: 'NotSupported', description: '' } }));
    const actions = sendableActions(version);
    expect(actions).toHaveLength(count);
    for (const action of actions) {
      const payload = smallest(await requestSchema(version, action)) as object;
      const { status, body } = await dm.command('CP001', action, payload);
      expect([action, status, body.status, body.detail]).toEqual([action, 200, 'rejected', undefined]);
    }
    expect(dm.sent.map(({ body }) => body.messageType)).toEqual(actions);
  });
});

interface Schema {
  type?: string;
  enum?: string[];
  format?: string;
  minimum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  $ref?: string;
  definitions?: Record<string, Schema>;
}

/** The least that a schema allows. */
function smallest(given: Schema = {}, definitions = given.definitions): unknown {
  const schema = given.$ref === undefined ? given : (definitions?.[given.$ref.split('/').at(-1)!] ?? {});
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name], definitions)]),
      );
    case 'array':
      return [smallest(schema.items, definitions)];
    case 'integer':
    case 'number':
      return Math.max(0, schema.minimum ?? 0);
    case 'boolean':
      return true;
    case 'string':
      return schema.format === 'date-time'
        ? '2026-01-02T03:04:05Z'
        : schema.format === 'uri'
          ? 'https://example.com/'
          : 'x';
    default:
      return {};
  }
}

test('what can be sent, and what it has to look like', async () => {
  const dm = await startTestDeviceManager();
  const { actions } = (await dm.rest('GET', '/actions/ocpp1.6')).body;
  expect(actions).toEqual(expect.arrayContaining(['Reset', 'DataTransfer', 'SetChargingProfile']));
  expect(actions).not.toContain('BootNotification');
  const { schema } = (await dm.rest('GET', '/actions/ocpp1.6/Reset')).body;
  expect(schema).toMatchObject({
    type: 'object',
    required: ['type'],
    properties: { type: { enum: ['Hard', 'Soft'] } },
  });
  expect((await dm.rest('GET', '/actions/ocpp1.6/RequestStartTransaction')).status).toBe(404);
  expect((await dm.rest('GET', '/actions/ocpp3/Reset')).status).toBe(400);
});
