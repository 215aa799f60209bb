import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, simulate } from '@ocpp-csms/simulator';
import { connectChargePoint, freePort, UpgradeRefused, until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { authorize, boot, charge, stopTransaction } from './src/charge-1.6.ts';
import { commandIsAnswered, messagesOf, onlyTransaction, transactionsOf, unique } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';
import { type SpawnedCsms, spawnCsms } from './src/spawn-csms.ts';

const csms = shareCsms();

interface RefusedConnection {
  networkId: string;
  reason: string;
  words: string;
  whatToDo: string;
  adoptable: boolean;
}

async function refusedConnection(networkId: string): Promise<RefusedConnection | undefined> {
  const { items } = await csms.api.get<{ items: RefusedConnection[] }>('/device-manager/refused-connections');
  return items.find((refused) => refused.networkId === networkId);
}

test('the story of a newcomer: refused, adopted, token refused, accepted, charges, is commanded', async () => {
  const networkId = unique('NEW');
  const connect = () => connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6' });

  await expect(connect()).rejects.toMatchObject({ name: UpgradeRefused.name, status: 404 });
  const refused = await until('the refusal is listed', () => refusedConnection(networkId));
  expect(refused).toMatchObject({ reason: 'unknown-charge-point', adoptable: true });
  expect(refused.words).not.toBe('');
  const hint = await until('the log says how to adopt it', () =>
    csms.logLines.find((line) => line.includes(networkId) && line.includes('/adopt')),
  );
  expect(hint).toContain(`/device-manager/refused-connections/${networkId}/adopt`);

  await csms.api.post(`/device-manager/refused-connections/${networkId}/adopt`);
  expect(await refusedConnection(networkId)).toBeUndefined();
  const chargePoint = await connect();
  onTestFinished(async () => {
    await chargePoint.drop();
  });
  await boot(chargePoint);

  const idTag = unique('NEWTAG');
  expect(await authorize(chargePoint, idTag)).toBe('Invalid');
  const unknown = await until('the token is listed', async () => {
    const { items } = await csms.api.get<{ items: { idToken: string }[] }>('/session/id-tokens/unknown');
    return items.find(({ idToken }) => idToken === idTag);
  });
  expect(unknown).toMatchObject({ lastSeenAtChargePoint: networkId });
  await until('the log says how to accept it', () =>
    csms.logLines.find((line) => line.includes(`/unknown/${idTag}/accept`)),
  );
  await csms.api.post(`/session/id-tokens/unknown/${idTag}/accept`);

  const transactionId = await charge(chargePoint, idTag);
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true, idToken: idTag });
  await commandIsAnswered(csms, chargePoint, 'RemoteStopTransaction', { transactionId }, { status: 'Accepted' });
  await stopTransaction(chargePoint, transactionId, { reason: 'Remote', meterStop: 8400 });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 7400 });
  const actions = (await messagesOf(csms, chargePoint)).map(({ body }) => body.messageType);
  for (const action of [
    'BootNotification',
    'Authorize',
    'StartTransaction',
    'RemoteStopTransaction',
    'StopTransaction',
  ]) {
    expect(actions).toContain(action);
  }
});

test('one that offers a password when it is refused is adopted with it', async () => {
  const networkId = unique('NEW');
  const connect = (password: string) =>
    connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6', password });
  await expect(connect('its-own-password-1')).rejects.toMatchObject({ status: 404 });
  await until('the refusal is listed', () => refusedConnection(networkId));
  await csms.api.post(`/device-manager/refused-connections/${networkId}/adopt`);
  await expect(connect('another-password-1')).rejects.toMatchObject({ status: 401 });
  const chargePoint = await connect('its-own-password-1');
  await boot(chargePoint);
  await chargePoint.close();
});

test.each(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'] as const)(
  'the simulator, %s: refused with advice, adopted, token accepted, charges once',
  async (version) => {
    const id = unique('SIM');
    const token = unique('SIMTAG');
    const run = async () => {
      const lines: string[] = [];
      const options = { url: csms.wsUrl, id, token, version, once: true, interval: 0.2, duration: 0.5 };
      const simulation = simulate({ ...options, say: (event, sentence) => lines.push(`${event}: ${sentence}`) });
      simulation.start();
      return { code: await simulation.finished, lines };
    };

    const refused = await run();
    expect(refused.code).toBe(exitCodes.refused);
    expect(refused.lines.join('\n')).toContain(`/device-manager/refused-connections/${id}/adopt`);
    await until('the refusal is listed', () => refusedConnection(id));
    await csms.api.post(`/device-manager/refused-connections/${id}/adopt`);
    const tokenRefused = await run();
    expect(tokenRefused.code).toBe(exitCodes.tokenRefused);
    expect(tokenRefused.lines.join('\n')).toContain(`/session/id-tokens/unknown/${token}/accept`);
    await csms.api.post(`/session/id-tokens/unknown/${token}/accept`);
    const charged = await run();
    expect(charged.code, charged.lines.join('\n')).toBe(exitCodes.ok);
    expect(await onlyTransaction(csms, { networkId: id })).toMatchObject({
      active: false,
      disputed: false,
      idToken: token,
    });
  },
);

test('the simulator obeys commands', async () => {
  const { networkId, token } = { networkId: unique('SIM'), token: unique('SIMTAG') };
  await csms.api.post('/device-manager/charge-points', { networkId, securityProfile: 0 });
  await csms.api.post('/session/id-tokens', { idToken: token });
  const events: string[] = [];
  const options = {
    url: csms.wsUrl,
    id: networkId,
    token,
    version: 'ocpp1.6' as const,
    once: false,
    interval: 0.2,
    duration: 0.4,
  };
  const simulation = simulate({ ...options, say: (event) => events.push(event) });
  onTestFinished(() => simulation.stop());
  simulation.start();
  await until('it has charged once', () => events.includes('idle'));
  const send = (action: string, payload: unknown) =>
    csms.api.post(`/device-manager/charge-points/${networkId}/commands/${action}`, payload);
  const accepted = { status: 'answered', response: { status: 'Accepted' } };
  expect(await send('GetConfiguration', { key: ['NumberOfConnectors'] })).toMatchObject({
    response: { configurationKey: [{ value: '1' }] },
  });
  expect(await send('ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' })).toMatchObject(accepted);
  expect(await send('RemoteStartTransaction', { connectorId: 1, idTag: token })).toMatchObject(accepted);
  await until(
    'it has charged again',
    async () => (await transactionsOf(csms, { networkId })).filter(({ active }) => !active).length === 2,
  );
  expect(await send('Reset', { type: 'Soft' })).toMatchObject(accepted);
  await until('it has booted again', () => events.filter((event) => event === 'booted').length === 2);
  expect(await send('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toMatchObject(accepted);
  expect(await send('RemoteStartTransaction', { connectorId: 1, idTag: token })).toMatchObject({
    response: { status: 'Rejected' },
  });
});

test('--try: unknown charge points are adopted and every token is accepted', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-try-'));
  let spawned: SpawnedCsms | undefined;
  try {
    spawned = await spawnCsms({ dataDir, port: await freePort(), args: ['--try'] });
    const networkId = unique('TRY');
    const chargePoint = await connectChargePoint({ url: spawned.wsUrl, networkId, protocol: 'ocpp1.6' });
    await boot(chargePoint);
    const transactionId = await charge(chargePoint, unique('ANY'));
    await stopTransaction(chargePoint, transactionId);
    expect(await onlyTransaction(spawned, { networkId })).toMatchObject({ active: false, energyWh: 5000 });
    expect(spawned.output()).toContain('--try');
    expect(await spawned.terminate()).toBe(0);
    expect((await chargePoint.closed).code).toBe(1001);
  } finally {
    await spawned?.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
});
