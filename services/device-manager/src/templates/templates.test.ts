import { describe, expect, test } from 'vitest';
import {
  eventually,
  type OnCall,
  type TestDeviceManager,
  testDeviceManagers,
} from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const settings = [
  { key: 'HeartbeatInterval', value: '60' },
  { key: 'MeterValueSampleInterval', value: '30' },
  { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' }, value: '60' },
];

async function makeTemplate(dm: TestDeviceManager, wanted: object[] = settings): Promise<string> {
  const { status, body, text } = await dm.rest('POST', '/templates', { name: 'Default', settings: wanted });
  if (status !== 201) throw new Error(text);
  return body.templateId;
}

/** A 1.6 charge point with keys; `answer` decides what it says to a change, and whether it keeps it. */
function chargePoint(
  keys: Record<string, string>,
  answer: (key: string) => { status: string; keeps: boolean } = () => ({ status: 'Accepted', keeps: true }),
) {
  const written: string[] = [];
  const onCall: OnCall = ({ action, payload }) => {
    if (action === 'GetConfiguration') {
      const asked = payload.key as string[];
      const configurationKey = asked
        .filter((key) => key in keys)
        .map((key) => ({ key, readonly: false, value: keys[key] }));
      return { response: { configurationKey, unknownKey: asked.filter((key) => !(key in keys)) } };
    }
    const { key, value } = payload as { key: string; value: string };
    const { status, keeps } = answer(key);
    written.push(`${key}=${value}`);
    if (keeps) keys[key] = value;
    return { response: { status } };
  };
  return { onCall, written, keys };
}

const jobDone = (dm: TestDeviceManager, since?: string) =>
  eventually(async () => {
    const { body } = await dm.rest('GET', '/charge-points/CP001/template-job');
    return body?.status !== 'waiting' && body?.finishedAt !== since && body;
  });

describe('templates', () => {
  test('are made, read, changed and deleted', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm);
    expect((await dm.rest('POST', '/templates', { name: 'Default', settings })).status).toBe(409);
    expect((await dm.rest('GET', '/templates')).body.items).toEqual([
      expect.objectContaining({ templateId, name: 'Default', settings }),
    ]);
    const changed = await dm.rest('PATCH', `/templates/${templateId}`, { name: 'Other', settings: [] });
    expect(changed.body).toMatchObject({ name: 'Other', settings: [] });
    await dm.create('CP001', { templateId });
    expect((await dm.rest('DELETE', `/templates/${templateId}`)).status).toBe(204);
    expect((await dm.rest('GET', `/templates/${templateId}`)).status).toBe(404);
    expect((await dm.rest('GET', '/charge-points/CP001')).body.templateId).toBeNull();
    expect((await dm.rest('POST', '/charge-points', { networkId: 'CP002', templateId })).status).toBe(400);
  });

  test.each([
    ['a secret', { key: 'AuthorizationKey', value: 'x' }, /secret/],
    ['a variable without component', { variable: { name: 'X' }, value: 'x' }, /component/],
    [
      'both dialects in one',
      { key: 'X', component: { name: 'C' }, variable: { name: 'X' }, value: 'x' },
      /two settings/,
    ],
  ])('can not hold %s', async (_what, setting, words) => {
    const dm = await startTestDeviceManager();
    const { status, body } = await dm.rest('POST', '/templates', { name: 'T', settings: [setting] });
    expect(status).toBe(400);
    expect(body.errors[0].message).toMatch(words);
  });
});

describe('who has a template', () => {
  test('and how far each is from it', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm);
    await dm.create('CP001');
    await dm.create('CP002', { templateId });
    await dm.create('CP003');
    const { onCall } = chargePoint({ HeartbeatInterval: '300', MeterValueSampleInterval: '30' }, (key) =>
      key === 'HeartbeatInterval' ? { status: 'Rejected', keeps: false } : { status: 'Accepted', keeps: true },
    );
    await dm.connect('CP001', 'ocpp1.6', onCall);
    const users = async (query = '') => (await dm.rest('GET', `/templates/${templateId}/charge-points${query}`)).body;
    const never = { readAt: null, differing: null, job: null };
    expect(await users()).toEqual({ items: [{ networkId: 'CP002', name: 'CP002', ...never }] });

    const applied = await dm.rest('POST', '/charge-points/CP001/apply-template', { templateId, assign: true });
    expect(applied.status).toBe(202);
    await jobDone(dm);
    const { items, nextCursor } = await users('?limit=1');
    expect(items).toEqual([
      {
        networkId: 'CP001',
        name: 'CP001',
        readAt: expect.any(String),
        differing: 1,
        job: { status: 'done', requestedAt: expect.any(String), finishedAt: expect.any(String) },
      },
    ]);
    expect((await users(`?limit=1&cursor=${nextCursor}`)).items).toMatchObject([{ networkId: 'CP002' }]);
    expect((await dm.rest('GET', '/charge-points/CP001')).body.templateId).toBe(templateId);
    expect((await dm.rest('GET', '/templates/none/charge-points')).status).toBe(404);
  });

  test('is not who got it this once', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm);
    await dm.create('CP001');
    await dm.rest('POST', '/charge-points/CP001/apply-template', { templateId });
    expect((await dm.rest('GET', '/charge-points/CP001')).body.templateId).toBeNull();
    expect((await dm.rest('GET', `/templates/${templateId}/charge-points`)).body.items).toEqual([]);
  });
});

describe('after a boot', () => {
  test('what differs is written, and nothing else; the rest is visible as drift', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm);
    await dm.create('CP001', { templateId });
    const { onCall, written } = chargePoint({ HeartbeatInterval: '300', MeterValueSampleInterval: '30' });
    await dm.connect('CP001', 'ocpp1.6', onCall);
    await dm.boot('CP001');
    const job = await jobDone(dm);
    expect(job).toMatchObject({ templateId, cause: 'boot', status: 'done' });
    expect(job.settings).toEqual([
      { name: 'heartbeatinterval', desired: '60', actual: '300', outcome: 'Accepted' },
      { name: 'metervaluesampleinterval', desired: '30', actual: '30', outcome: 'unchanged' },
    ]);
    expect(written).toEqual(['HeartbeatInterval=60']);
    const { body } = await dm.rest('GET', '/charge-points/CP001/configuration');
    expect(body).toMatchObject({ templateId, drift: false });
    await dm.rest('PATCH', `/templates/${templateId}`, {
      settings: [
        { key: 'HeartbeatInterval', value: '61' },
        { key: 'New', value: '1' },
      ],
    });
    const drifted = await dm.rest('GET', '/charge-points/CP001/configuration');
    expect(drifted.body.drift).toBe(true);
    expect(drifted.body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'HeartbeatInterval', value: '60', desired: '61', drift: true }),
        expect.objectContaining({ key: 'New', value: null, desired: '1', drift: true, source: null }),
      ]),
    );
  });

  test('row 14: a setting that asks for a reboot is not written again after it, whatever it reads then', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    const { onCall, written } = chargePoint({ HeartbeatInterval: '300' }, () => ({
      status: 'RebootRequired',
      keeps: false,
    }));
    await dm.connect('CP001', 'ocpp1.6', onCall);
    await dm.boot('CP001');
    const first = await jobDone(dm);
    expect(first.settings[0].outcome).toBe('RebootRequired');
    expect((await dm.rest('GET', '/charge-points/CP001/configuration')).body.items[0]).toMatchObject({
      rebootRequired: true,
    });
    let last = first.finishedAt;
    for (let n = 0; n < 3; n++) {
      dm.pass(1000);
      await dm.boot('CP001');
      const job = await jobDone(dm, last);
      last = job.finishedAt;
      expect(job.settings[0].outcome).toMatch(/^left: .*reboot/);
    }
    expect(written).toHaveLength(1);
    // Another firmware may do better.
    await dm.boot('CP001', { firmwareVersion: '2.0' });
    await jobDone(dm, last);
    expect(written).toHaveLength(2);
  });

  test('row 14: a charge point that accepts, forgets and boots is not written to for ever', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    const { onCall, written } = chargePoint({ HeartbeatInterval: '300' }, () => ({ status: 'Accepted', keeps: false }));
    await dm.connect('CP001', 'ocpp1.6', onCall);
    let last: string | undefined;
    for (let n = 0; n < 5; n++) {
      dm.pass(1000);
      await dm.boot('CP001');
      last = (await jobDone(dm, last)).finishedAt;
    }
    expect(written).toHaveLength(2);
  });

  test('row 14: a charge point that reboots instead of answering a change is not written to for ever', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    const { onCall, written } = chargePoint({ HeartbeatInterval: '300' });
    await dm.connect('CP001', 'ocpp1.6', (call) => {
      if (call.action !== 'ChangeConfiguration') return onCall(call);
      written.push('HeartbeatInterval');
      const { id, body } = call.envelope;
      setImmediate(
        () => void dm.event('CP001', 'CallUnanswered', { callId: id, msgId: body.msgId, action: '', reason: 'closed' }),
      );
      return 'nothing';
    });
    const job = () => dm.rest('GET', '/charge-points/CP001/template-job');
    for (let n = 0; n < 4; n++) {
      dm.pass(1000);
      await dm.boot('CP001');
      await eventually(async () => (await job()).body.error !== undefined || (await job()).body.status === 'done');
    }
    expect(written).toHaveLength(2);
    expect((await job()).body.settings[0].outcome).toMatch(/^left: .*did not answer/);
  });

  test('the same boot delivered twice is one job; a boot that is not accepted none', async () => {
    const dm = await startTestDeviceManager();
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    const { onCall } = chargePoint({ HeartbeatInterval: '60' });
    await dm.connect('CP001', 'ocpp1.6', onCall);
    const answer = { direction: 3 as const, messageTime: '', messageBody: { status: 'Pending' } };
    await dm.boot('CP001', {}, { answer });
    expect((await dm.rest('GET', '/charge-points/CP001/template-job')).status).toBe(404);
    const boot = await dm.boot('CP001');
    const { finishedAt } = await jobDone(dm);
    await dm.bus.publish('MessagesIn', boot);
    expect((await dm.rest('GET', '/charge-points/CP001/template-job')).body.finishedAt).toBe(finishedAt);
    expect(dm.sent).toHaveLength(1);
  });

  test('a charge point that went away meanwhile gets it when it is back, also after a restart of ours', async () => {
    const dm = await startTestDeviceManager({ settings: { csmsServer: { settleSeconds: 0 } } });
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    await dm.boot('CP001');
    await dm.restart();
    expect((await dm.rest('GET', '/charge-points/CP001/template-job')).body.status).toBe('waiting');
    const { onCall, written } = chargePoint({ HeartbeatInterval: '300' });
    await dm.connect('CP001', 'ocpp1.6', onCall);
    await expect.poll(() => written, { timeout: 6000 }).toEqual(['HeartbeatInterval=60']);
  });

  test('one that does not answer is given up after three attempts', async () => {
    const dm = await startTestDeviceManager({ settings: { csmsServer: { settleSeconds: 0 } } });
    const templateId = await makeTemplate(dm, settings.slice(0, 1));
    await dm.create('CP001', { templateId });
    await dm.connect('CP001', 'ocpp1.6', () => ({ error: { code: 'InternalError', description: 'broken' } }));
    await dm.boot('CP001');
    await expect
      .poll(async () => (await dm.rest('GET', '/charge-points/CP001/template-job')).body, { timeout: 10_000 })
      .toMatchObject({ status: 'failed', error: 'GetConfiguration: broken' });
    expect(dm.sent).toHaveLength(3);
  });
});

test('on demand, 2.x: as many variables at once as the charge point takes (TC_B_08)', async () => {
  const dm = await startTestDeviceManager();
  const component = { name: 'C' };
  const templateId = await makeTemplate(
    dm,
    Array.from({ length: 5 }, (_, n) => ({ component, variable: { name: `V${n}` }, value: 'new' })),
  );
  await dm.create('CP001');
  const sizes: [string, number][] = [];
  await dm.connect('CP001', 'ocpp2.0.1', ({ action, payload }) => {
    const items = (payload.getVariableData ?? payload.setVariableData) as {
      component: object;
      variable: { name: string };
    }[];
    sizes.push([action, items.length]);
    if (action === 'SetVariables')
      return {
        response: {
          setVariableResult: items.map(({ component, variable }) => ({
            component,
            variable,
            attributeStatus: 'Accepted',
          })),
        },
      };
    const value = (name: string) => (name === 'ItemsPerMessage' ? '4' : 'old');
    return {
      response: {
        getVariableResult: items.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: 'Accepted',
          attributeValue: value(variable.name),
        })),
      },
    };
  });
  await dm.command('CP001', 'GetVariables', {
    getVariableData: [
      { component: { name: 'DeviceDataCtrlr' }, variable: { name: 'ItemsPerMessage', instance: 'GetVariables' } },
    ],
  });
  expect((await dm.rest('POST', '/charge-points/CP001/apply-template')).status).toBe(409);
  const { status, body } = await dm.rest('POST', '/charge-points/CP001/apply-template', { templateId });
  expect([status, body.status]).toEqual([202, 'waiting']);
  const job = await jobDone(dm);
  expect(job.settings.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(5).fill('Accepted'));
  expect(sizes.slice(1)).toEqual([
    ['GetVariables', 4],
    ['GetVariables', 1],
    ['SetVariables', 5],
  ]);
});
