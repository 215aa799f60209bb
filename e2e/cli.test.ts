import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CallError, connectChargePoint, freePort, UpgradeRefused, until } from '@ocpp-csms/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { authorize, boot, charge, stopTransaction } from './src/charge-1.6.ts';
import { boot as boot2 } from './src/charge-2.ts';
import { createProgram, startProgram } from './src/ocpp-csms.ts';
import {
  type ChargePointRecord,
  connect,
  type LedgerEntry,
  type LoggedMessage,
  newChargePoint,
  newToken,
  password,
  register,
  unique,
} from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

// A port of its own: who follows messages has to find it again after a restart.
const csms = shareCsms({ settings: { http: { port: await freePort() } } });
const { run, json, start } = createProgram(csms);

/** Connected and booted, so that commands go out at once. */
async function bootedChargePoint() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

describe('charge points', () => {
  test('one that was refused is seen, adopted, and comes in', async () => {
    const networkId = unique('NEW');
    const knock = () =>
      connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6', password: 'what-it-offers-16' });
    await expect(knock()).rejects.toThrow(UpgradeRefused);
    const refused = await until('the refusal is listed', async () => {
      const { out } = await run(['charge-points', 'refused']);
      return out.includes(networkId) && out;
    });
    expect(refused).toContain('This identity is not registered');
    const adopted = await run(['charge-points', 'adopt', networkId, '--name', 'Car park, left']);
    expect(adopted).toMatchObject({ code: 0, out: expect.stringContaining('Car park, left') });
    const chargePoint = await knock();
    await boot(chargePoint);
    const { out } = await run(['charge-points', 'list', '--q', networkId]);
    expect(out).toMatch(new RegExp(`${networkId} +Car park, left +connected \\d+ s +ocpp1.6 +Acme One +1:Available`));
    expect((await run(['connectors', networkId])).out).toMatch(/^1 +Available/m);
    await chargePoint.drop();
  });

  test('one that is added gets a password, shown once, that lets it in', async () => {
    const networkId = unique('ADD');
    const { code, out, notes } = await run(['charge-points', 'add', networkId, '--tag', 'north', '--tag', 'new']);
    expect({ code, notes }).toMatchObject({ code: 0, notes: expect.stringContaining('shown only now') });
    const [, made = ''] = /^password +(\S+)$/m.exec(out) ?? [];
    await connect(csms, { networkId, password: made });
    const shown = await run(['charge-points', 'show', networkId]);
    expect(shown.out).toMatch(/^tags +north, new$/m);
    expect(shown.out).not.toContain(made);
  });

  test('a password of its own comes over the standard input', async () => {
    const networkId = unique('OWN');
    const input = `${password}\nnot this line\n`;
    const added = await json<ChargePointRecord>(['charge-points', 'add', networkId, '--password'], { input });
    expect(added).not.toHaveProperty('password');
    await connect(csms, { networkId });
  });

  test('changes what is said, and an empty text takes away', async () => {
    const { networkId } = await register(csms, { vendor: 'Acme', tags: ['a'] });
    const args = ['charge-points', 'edit', networkId, '--vendor', '', '--tag', 'b', '--no-enabled', '--name', 'ü'];
    expect(await json(args)).toMatchObject({ vendor: null, tags: ['b'], enabled: false, name: 'ü' });
    expect((await run(['charge-points', 'list', '--tag', 'b', '--q', networkId])).out).toContain('disabled');
    expect(await run(['charge-points', 'edit', networkId])).toMatchObject({ code: 2 });
  });

  test('are removed after a yes alone; one that is not there keeps no other', async () => {
    const { networkId } = await register(csms);
    expect(await run(['charge-points', 'remove', networkId])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('--yes'),
    });
    const removed = await run(['charge-points', 'remove', 'NOT-THERE', networkId, '--yes']);
    expect(removed).toMatchObject({
      code: 5,
      out: `Removed ${networkId}\n`,
      notes: expect.stringContaining('NOT-THERE'),
    });
    expect(await run(['charge-points', 'show', networkId])).toMatchObject({ code: 5 });
  });

  test('come page by page, with a word on those that are left', async () => {
    const tag = unique('page');
    for (const _ of [1, 2, 3]) await register(csms, { tags: [tag] });
    const two = await run(['charge-points', 'list', '--tag', tag, '--limit', '2']);
    expect(two.out.trim().split('\n')).toHaveLength(3);
    expect(two.notes).toContain('… and more');
    const all = await run(['charge-points', 'list', '--tag', tag, '--all']);
    expect(all.out.trim().split('\n')).toHaveLength(4);
    expect(all.notes).toBe('');
    expect(await json<unknown[]>(['charge-points', 'list', '--tag', tag, '--limit', '2'])).toHaveLength(2);
    expect(await json(['charge-points', 'list', '--tag', unique('none')])).toEqual([]);
  });

  test('one that sends escape sequences paints no terminal', async () => {
    const chargePoint = await newChargePoint(csms);
    const signs = ['\u001b', '\u009b', '\u202e'];
    const signsIn = (text: string) => signs.filter((sign) => text.includes(sign));
    const evil = `${signs.join('[2J')}evil`;
    await chargePoint.call('BootNotification', { chargePointVendor: evil, chargePointModel: 'One' });
    const args = ['charge-points', 'list', '--q', chargePoint.networkId];
    const shown = await until('its vendor is known', async () => {
      const { out } = await run(args);
      return out.includes('evil') && out;
    });
    expect(signsIn(shown)).toEqual([]);
    const asJson = (await run([...args, '--json'])).out;
    expect(signsIn(asJson)).toEqual([]);
    expect(JSON.parse(asJson)).toMatchObject([{ vendor: evil }]);
    expect(signsIn((await run(['messages', 'list', '--client', chargePoint.networkId])).out)).toEqual([]);
  });
});

describe('commands', () => {
  test('a yes is 0; the payload is what the charge point got', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    const args = ['command', networkId, 'RemoteStartTransaction', 'connectorId=1', 'idTag=0123'];
    expect(await run(args)).toMatchObject({ code: 0, out: `${networkId}  Accepted\n` });
    expect((await chargePoint.nextCall('RemoteStartTransaction')).payload).toEqual({ connectorId: 1, idTag: '0123' });
    const asJson = await run(['command', networkId, 'Reset', '{"type":"Soft"}', '--json']);
    expect(JSON.parse(asJson.out)).toMatchObject({ status: 'answered', response: { status: 'Accepted' } });
    expect(await run(['command', networkId, 'ClearCache', '-'], { input: '{}' })).toMatchObject({ code: 0 });
  });

  test('a no is 1, an error of the charge point too', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    chargePoint.onCall('Reset', () => ({ status: 'Rejected' }));
    chargePoint.onCall('ClearCache', () => {
      throw new CallError('InternalError', 'no cache here');
    });
    expect(await run(['command', networkId, 'Reset', 'type=Soft'])).toMatchObject({
      code: 1,
      out: `${networkId}  Rejected\n`,
    });
    expect(await run(['command', networkId, 'ClearCache'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('no cache here'),
    });
  });

  test('several at once: each is told, and one no makes it a no', async () => {
    const [one, other] = [await bootedChargePoint(), await bootedChargePoint()];
    const ids = `${one.networkId},${other.networkId}`;
    const said = await run(['command', ids, 'TriggerMessage', 'requestedMessage=Heartbeat']);
    expect(said).toMatchObject({ code: 0, out: `${one.networkId}  Accepted\n${other.networkId}  Accepted\n` });
    const mixed = await run(['command', `${ids},NOT-THERE`, 'ClearCache', '--json']);
    const lines = mixed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(mixed.code).toBe(1);
    expect(lines.map(({ chargePoint, status }) => [chargePoint, status])).toEqual([
      [one.networkId, 'answered'],
      [other.networkId, 'answered'],
      ['NOT-THERE', 'refused'],
    ]);
  });

  test('by tag, in the version that they speak', async () => {
    const tag = unique('two');
    const { networkId } = await register(csms, { tags: [tag] });
    const chargePoint = await connect(csms, { networkId, protocol: 'ocpp2.0.1' });
    await boot2(chargePoint);
    const pairs = ['component.name=OCPPCommCtrlr', 'variable.name=HeartbeatInterval', 'attributeValue=30'];
    const args = ['command', '--tag', tag, 'SetVariables', ...pairs.map((pair) => `setVariableData[0].${pair}`)];
    expect(await run(args)).toMatchObject({ code: 0 });
    expect((await chargePoint.nextCall('SetVariables')).payload).toMatchObject({
      setVariableData: [{ attributeValue: '30', component: { name: 'OCPPCommCtrlr' } }],
    });
  });

  test('no answer in time is 6, and --result tells later what came of it', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    let answer = (_: { status: 'Accepted' }) => {};
    chargePoint.onCall('ClearCache', () => new Promise((resolve) => (answer = resolve)));
    const late = await run(['command', networkId, 'ClearCache', '--timeout', '0.5', '--json']);
    const { commandId, status } = JSON.parse(late.out);
    expect([late.code, status]).toEqual([6, 'sent']);
    expect(chargePoint.received.filter(({ action }) => action === 'ClearCache')).toHaveLength(1);
    answer({ status: 'Accepted' });
    await until('it is known', async () => (await run(['command', '--result', commandId])).code === 0);
  });

  test('one that is offline: refused at once, or kept with --queue', async () => {
    const { networkId } = await register(csms);
    const first = await connect(csms, { networkId });
    await boot(first);
    await first.drop();
    await until(
      'it is offline',
      async () => !(await json<ChargePointRecord>(['charge-points', 'show', networkId])).connection.connected,
    );
    expect(await run(['command', networkId, 'ClearCache'])).toMatchObject({ code: 1 });
    const queued = await run(['command', networkId, 'ClearCache', '--queue', '60']);
    expect(queued).toMatchObject({ code: 0, out: expect.stringContaining('queued') });
  });

  test('what is wrong with it is told before it is sent', async () => {
    const { networkId } = await bootedChargePoint();
    expect(await run(['command', networkId, 'Reset', 'type=Sofft'])).toMatchObject({
      code: 1,
      notes: expect.stringContaining('type must be one of Hard, Soft'),
    });
    expect(await run(['command', networkId, 'Rset'])).toMatchObject({
      code: 5,
      notes: expect.stringContaining('Reset'),
    });
    expect(await run(['command', networkId])).toMatchObject({ code: 2 });
    expect(await run(['command', networkId, 'Reset', 'Soft'])).toMatchObject({ code: 2 });
  });
});

describe('messages', () => {
  test('tail shows what was and what comes, and goes on after a restart with what it missed', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    const tail = start(['messages', 'tail', '--client', networkId, '--json']);
    await tail.saw('StatusNotification');
    await chargePoint.call('Heartbeat', {});
    await tail.saw('Heartbeat');
    await chargePoint.drop();
    await csms.restart();
    const again = await connect(csms, { networkId });
    await again.call('DataTransfer', { vendorId: 'while-it-was-away' });
    await tail.saw('while-it-was-away');
    expect(tail.notes()).toContain('was lost');
    const ids = tail
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tail has a filter, and a line for people', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    const tail = start(['messages', 'tail', '--client', networkId, '--action', 'DataTransfer', '-n', '0']);
    await until('it listens', async () => {
      await chargePoint.call('Heartbeat', {});
      await chargePoint.call('DataTransfer', { vendorId: 'Acme', data: 'x' });
      // It may begin between a CALL and its answer.
      return tail.out().includes('→');
    });
    expect(tail.out()).toMatch(
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ${networkId} +→ DataTransfer {"vendorId":"Acme","data":"x"}.*$`, 'm'),
    );
    expect(tail.out()).not.toContain('Heartbeat');
  });

  test('list has the newest, the oldest of them first', async () => {
    const chargePoint = await bootedChargePoint();
    const { networkId } = chargePoint;
    for (const data of ['1', '2', '3']) await chargePoint.call('DataTransfer', { vendorId: 'Acme', data });
    const args = ['messages', 'list', '--client', networkId, '--action', 'DataTransfer', '--direction', 'call'];
    const dataOf = (list: LoggedMessage[]) => list.map(({ body }) => (body.messageBody as { data: string }).data);
    expect(dataOf(await json([...args, '--limit', '2']))).toEqual(['2', '3']);
    expect(dataOf(await json([...args, '--all']))).toEqual(['1', '2', '3']);
    expect((await run([...args, '--limit', '2'])).notes).toContain('--all');
    expect(await json([...args, '--to', '1h'])).toEqual([]);
  });

  test('whoever reads only the begin is no error', async () => {
    const { networkId } = await bootedChargePoint();
    const tail = start(['messages', 'tail', '--client', networkId]);
    await tail.saw('StatusNotification');
    tail.process.stdout?.destroy();
    const csmsSays = run(['command', networkId, 'ClearCache']);
    expect((await tail.ended).code).toBe(0);
    expect((await csmsSays).code).toBe(0);
  });
});

test('id tokens: unknown, accepted, blocked, added, removed', async () => {
  const chargePoint = await bootedChargePoint();
  const idTag = unique('CARD');
  expect(await authorize(chargePoint, idTag)).toBe('Invalid');
  await until('it is listed', async () => (await run(['id-tokens', 'unknown'])).out.includes(idTag));
  expect(await run(['id-tokens', 'accept', idTag])).toMatchObject({ code: 0 });
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  expect(await json(['id-tokens', 'block', idTag])).toMatchObject({ status: 'Blocked' });
  expect(await authorize(chargePoint, idTag)).toBe('Blocked');
  expect(await json(['id-tokens', 'accept', idTag])).toMatchObject({ status: 'Accepted' });
  expect((await run(['id-tokens', 'list', '--q', idTag])).out).toMatch(new RegExp(`^${idTag} +Accepted`, 'm'));
  const other = unique('OTHER');
  const added = await json(['id-tokens', 'add', other, '--note', 'Jo', '--expires', '30d', '--charge-point', 'CP9']);
  expect(added).toMatchObject({ idToken: other, note: 'Jo', chargePoints: ['CP9'] });
  expect(await run(['id-tokens', 'remove', idTag, other])).toMatchObject({ code: 0 });
  expect(await run(['id-tokens', 'block', other])).toMatchObject({ code: 5 });
});

test('transactions: who charged what', async () => {
  const chargePoint = await bootedChargePoint();
  const { networkId } = chargePoint;
  const idTag = await newToken(csms);
  const transactionId = await charge(chargePoint, idTag);
  const active = ['transactions', 'list', '--charge-point', networkId, '--active'];
  await until('it is listed', async () => (await run(active)).out.includes(String(transactionId)));
  await stopTransaction(chargePoint, transactionId);
  await until('it has ended', async () => (await json<unknown[]>(active)).length === 0);
  const [entry] = await json<LedgerEntry[]>(['transactions', 'list', '--charge-point', networkId, '--from', '1h']);
  expect(entry).toMatchObject({ active: false, energyWh: 5000 });
  const { out } = await run(['transactions', 'show', String(transactionId)]);
  expect(out).toMatch(/^energy +5000 Wh$/m);
  expect(out).toMatch(/StartTransaction/);
});

describe('where and with which key', () => {
  test('the admin key of this machine goes to this machine alone', async () => {
    const elsewhere = await run(['charge-points', 'list', '--url', 'http://csms.example.com'], {
      env: { CSMS_API_KEY: '' },
    });
    expect(elsewhere).toMatchObject({
      code: 4,
      notes: expect.stringContaining('no API key for http://csms.example.com'),
    });
  });

  test('a key from a file; a wrong one, and none, are told', async () => {
    const file = join(csms.dataDir, 'a.key');
    await writeFile(file, `${(await readFile(join(csms.dataDir, 'admin.key'), 'utf8')).trim()}\n`);
    const nowhere = { env: { CSMS_DATA_DIR: join(csms.dataDir, 'nowhere'), CSMS_API_KEY: '' } };
    expect(await run(['charge-points', 'list', '--key-file', file], nowhere)).toMatchObject({ code: 0 });
    expect(await run(['charge-points', 'list'], nowhere)).toMatchObject({
      code: 4,
      notes: expect.stringContaining('There is no API key'),
    });
    const wrong = { env: { CSMS_API_KEY: 'a-wrong-key-of-some-length' } };
    const refused = await run(['charge-points', 'list', '--json'], wrong);
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.notes)).toMatchObject({ error: { exitCode: 4, status: 401 } });
  });

  test.runIf(process.platform === 'linux')(
    'a key among the arguments is soon gone from the list of processes',
    async () => {
      const key = (await readFile(join(csms.dataDir, 'admin.key'), 'utf8')).trim();
      const tail = start(['messages', 'tail', '--key', key, '-n', '1', '--json']);
      await tail.saw('{');
      expect(await readFile(`/proc/${tail.process.pid}/cmdline`, 'utf8')).not.toContain(key);
    },
  );

  test('nobody there, and somebody else there, are told', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await run(['charge-points', 'list', '--url', url])).toMatchObject({
      code: 3,
      notes: expect.stringMatching(/^Cannot reach .*\nIs it running\? Start it with: ocpp-csms start/),
    });
    const other = createServer((_, response) => response.writeHead(404).end('<html>not here</html>')).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void other.close());
    await until('it listens', () => other.listening);
    const { port } = other.address() as AddressInfo;
    expect(await run(['charge-points', 'list', '--url', `http://127.0.0.1:${port}`])).toMatchObject({
      code: 3,
      notes: expect.stringContaining('is not ocpp-csms (HTTP 404)'),
    });
  });

  test('port and data folder come from the settings', async () => {
    const file = join(csms.dataDir, 'client.yaml');
    await writeFile(file, `http: { port: ${csms.port}, host: 127.0.0.1 }\ndata: { dir: ${csms.dataDir} }\n`);
    expect(await startProgram(['charge-points', 'list', '-c', file]).ended).toMatchObject({ code: 0 });
    await writeFile(file, 'htp: {}\n');
    expect(await startProgram(['charge-points', 'list', '-c', file]).ended).toMatchObject({
      code: 2,
      notes: expect.stringContaining('htp: there is no such setting'),
    });
  });
});

test('wrong usage is 2 and says what was meant', async () => {
  expect(await run(['charge-point', 'list'])).toMatchObject({
    code: 2,
    notes: expect.stringContaining('charge-points'),
  });
  expect(await run(['messages', 'tail', '-n', 'x'])).toMatchObject({ code: 2 });
  expect(await run(['transactions', 'list', '--from', 'yesterday'])).toMatchObject({ code: 2 });
  expect(await run([])).toMatchObject({ code: 2, notes: expect.stringContaining('Examples:') });
  expect(await run(['--help'])).toMatchObject({ code: 0 });
  expect(await run(['--version'])).toMatchObject({ code: 0 });
});
