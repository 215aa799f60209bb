import type { RequestOf } from '@ocpp-csms/ocpp';
import type { ChargePointClient } from '@ocpp-csms/testing';
import { expect, test } from 'vitest';
import { boot } from '../src/charge-1.6.ts';
import { boot as boot2 } from '../src/charge-2.ts';
import { newChargePoint, now, register, unique } from '../src/scenes.ts';
import { describeInBrowser, expectAccessible } from './in-browser.ts';

const fleet = 50;
const tag = 'fifty';

describeInBrowser('commands and configuration', (console) => {
  test('a command to 50: chosen by their tag, and what came of each', async () => {
    const { csms } = console;
    const connected: ChargePointClient<'ocpp1.6'>[] = [];
    for (let number = 0; number < fleet - 1; number++) {
      const { networkId } = await register(csms, { tags: [tag] });
      const chargePoint = await newChargePoint(csms, { networkId });
      await boot(chargePoint);
      chargePoint.onCall('Reset', () => ({ status: number === 7 ? 'Rejected' : 'Accepted' }));
      connected.push(chargePoint);
    }
    const { networkId: offline } = await register(csms, { tags: [tag] });

    const page = await console.open('/commands');
    await expectAccessible(page, 'commands');
    await page.getByRole('combobox', { name: 'All that have a tag' }).click();
    await page.getByRole('option', { name: tag }).click();
    await page.getByText(`To ${fleet} charge points`, { exact: true }).waitFor();
    await page.getByRole('combobox', { name: /Command of OCPP/ }).click();
    await page.getByRole('option', { name: 'Reset', exact: true }).click();
    await page.getByRole('combobox', { name: 'type' }).click();
    await page.getByRole('option', { name: 'Soft' }).click();
    expect(await page.getByLabel('As JSON').inputValue()).toBe(JSON.stringify({ type: 'Soft' }, undefined, 2));
    await expectAccessible(page, 'command-form');
    await page.getByRole('button', { name: `Send to ${fleet} charge points` }).click();

    const results = page.getByRole('region', { name: 'What came of it' });
    await results.getByText(`Reset: ${fleet} of ${fleet} have ended`).waitFor();
    await results.getByRole('button', { name: `Accepted ${fleet - 2}` }).waitFor();
    await results.getByRole('row').filter({ hasText: connected[7]?.networkId }).getByText('Rejected').waitFor();
    await results.getByRole('row').filter({ hasText: offline }).getByText('not-connected').waitFor();
    await expectAccessible(page, 'command-results');
    await results.getByRole('button', { name: 'Choose the 2 that failed' }).click();
    await page.getByText('To 2 charge points', { exact: true }).waitFor();
  });

  test('a thousand can be chosen: the address holds them, and the page opens with them again', async () => {
    const { networkId } = await register(console.csms);
    const others = Array.from({ length: 999 }, (_, number) => `CHARGE-POINT-OF-A-LONG-NAME-${number}`);
    const many = [networkId, ...others];
    const hash = new URLSearchParams(many.map((one): [string, string] => ['to', one])).toString();
    const page = await console.open(`/commands#${hash}`);
    await page.getByText('To 1000 charge points', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('To 1000 charge points', { exact: true }).waitFor();
  });

  test('what does not fit is told while it is typed, in the form and in the JSON', async () => {
    const { networkId } = await newChargePoint(console.csms);
    const page = await console.open(`/commands?action=ChangeConfiguration#to=${networkId}`);
    await page.getByLabel('key', { exact: true }).fill('MeterValueSampleInterval');
    const json = page.getByLabel('As JSON');
    await expect.poll(() => json.inputValue()).toContain('MeterValueSampleInterval');
    await json.fill('{ "key": 7 }');
    const faults = page.getByRole('list', { name: 'What does not fit' });
    await faults.getByText('must be a text').waitFor();
    await faults.getByText('must be there').waitFor();
    await json.fill('{ "key": ');
    await page.getByRole('button', { name: 'Send', exact: true }).hover();
    await page
      .getByText(/The JSON cannot be read/)
      .first()
      .waitFor();
  });

  test('configuration: read, set, and what needs a restart', async () => {
    const chargePoint = await newChargePoint(console.csms);
    await boot(chargePoint);
    const values: Record<string, string> = { HeartbeatInterval: '300', MeterValueSampleInterval: '60' };
    chargePoint.onCall('GetConfiguration', () => ({
      configurationKey: Object.entries(values).map(([key, value]) => ({ key, value, readonly: false })),
    }));
    chargePoint.onCall('ChangeConfiguration', ({ key, value }) => {
      values[key] = value;
      return { status: 'RebootRequired' };
    });
    const page = await console.open(`/charge-points/${chargePoint.networkId}?tab=configuration`);
    await page.getByText('Not read yet').waitFor();
    await page.getByRole('button', { name: 'Read it from the charge point' }).click();
    await page.getByText('MeterValueSampleInterval').click();
    await page.getByRole('textbox', { name: 'Value', exact: true }).fill('30');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('RebootRequired: it is set, and holds after a restart.').waitFor();
    await page.getByText('holds after a restart', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Restart when idle' }).waitFor();
    expect(values.MeterValueSampleInterval).toBe('30');
    await expectAccessible(page, 'configuration');
  });

  test('configuration of 2.x: a tree of components that folds, with what is not as wanted', async () => {
    const { api } = console.csms;
    const { templateId } = await api.post<{ templateId: string }>('/device-manager/templates', {
      name: unique('Short heartbeat'),
      settings: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' }, value: '60' }],
    });
    const chargePoint = await newChargePoint(console.csms, { protocol: 'ocpp2.0.1' });
    const { networkId } = chargePoint;
    await boot2(chargePoint);
    await api.patch(`/device-manager/charge-points/${networkId}`, { templateId });
    const variables = (variable: string, value: string, component: object) => ({
      component,
      variable: { name: variable },
      variableAttribute: [{ type: 'Actual' as const, value, mutability: 'ReadWrite' as const }],
    });
    chargePoint.onCall('GetBaseReport', ({ requestId }) => {
      const reportData = [
        variables('HeartbeatInterval', '300', { name: 'OCPPCommCtrlr' }),
        variables('AvailabilityState', 'Available', { name: 'EVSE', evse: { id: 10 } }),
        variables('AvailabilityState', 'Available', { name: 'EVSE', evse: { id: 2 } }),
      ] as RequestOf<'ocpp2.0.1', 'NotifyReport'>['reportData'];
      setImmediate(
        () => void chargePoint.call('NotifyReport', { requestId, generatedAt: now(), seqNo: 0, reportData }),
      );
      return { status: 'Accepted' };
    });
    const page = await console.open(`/charge-points/${networkId}?tab=configuration`);
    await page.getByRole('button', { name: 'Read it from the charge point' }).click();
    await page
      .getByRole('row', { name: /HeartbeatInterval/ })
      .getByText('not as wanted')
      .waitFor();
    const rows = page.getByRole('treegrid', { name: 'Configuration' }).getByRole('row');
    const branches = rows.filter({ has: page.locator('strong') });
    await expect
      .poll(async () => (await branches.allInnerTexts()).map((text) => text.split('\n')[0]))
      .toEqual(['EVSE · EVSE 2', 'EVSE · EVSE 10', 'OCPPCommCtrlr']);
    await page
      .getByRole('row', { name: /HeartbeatInterval/ })
      .getByText('not as wanted')
      .waitFor();
    await expectAccessible(page, 'configuration-tree');
    await page.getByRole('button', { name: 'Fold all' }).click();
    await page.getByText('HeartbeatInterval').waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: /OCPPCommCtrlr/ }).click();
    await page
      .getByRole('row', { name: /HeartbeatInterval/ })
      .getByText('300')
      .waitFor();
  });

  test('a template is made and applied to one', async () => {
    const chargePoint = await newChargePoint(console.csms);
    await boot(chargePoint);
    chargePoint.onCall('GetConfiguration', () => ({
      configurationKey: [{ key: 'HeartbeatInterval', value: '300', readonly: false }],
    }));
    const set = new Promise((resolve) => {
      chargePoint.onCall('ChangeConfiguration', (request) => {
        resolve(request);
        return { status: 'Accepted' };
      });
    });
    const name = unique('Slow heartbeat');
    const page = await console.open('/configuration');
    await page.getByRole('button', { name: 'New template' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Key 1').fill('HeartbeatInterval');
    await page.getByLabel('Value 1').fill('900');
    await expectAccessible(page, 'template-form');
    await page.getByRole('button', { name: 'Save' }).click();
    const template = page.getByRole('article', { name });
    await template.getByRole('button', { name: 'Apply to …' }).click();
    await page.getByRole('combobox', { name: 'To', exact: true }).fill(chargePoint.networkId);
    await page.getByRole('option', { name: chargePoint.networkId }).click();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Apply to 1' }).click();
    expect(await set).toEqual({ key: 'HeartbeatInterval', value: '900' });
    await page.getByText('1 have it now').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    const uses = template.getByRole('region', { name: 'Who has it' });
    await uses.getByRole('button', { name: '1 charge point has it' }).click();
    await uses.getByText('as wanted', { exact: true }).waitFor();
    await expectAccessible(page, 'template-uses');
    await page.goto(`${console.csms.httpUrl}/charge-points/${chargePoint.networkId}?tab=configuration`);
    await page
      .getByRole('row', { name: /HeartbeatInterval/ })
      .getByText('900')
      .first()
      .waitFor();
  });
});
