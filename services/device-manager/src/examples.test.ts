import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testDeviceManagers } from './test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

/** `/charge-points/{{id}}/commands/Reset?x=1` and `/charge-points/{id}/commands/{action}` have this in common. */
function fits(example: string, route: string): boolean {
  const pattern = route.replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(example);
}

test('deviceManager.http has an example of every call, and of no other', async () => {
  const dm = await startTestDeviceManager();
  const { paths } = await dm.openApi();
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations as object)
      .filter(() => path.startsWith('/device-manager/'))
      .map((method) => ({ method: method.toUpperCase(), path: path.slice('/device-manager'.length) })),
  );
  const file = await readFile(new URL('../deviceManager.http', import.meta.url), 'utf8');
  const examples = [...file.matchAll(/^(GET|POST|PATCH|DELETE) \{\{host\}\}([^\s?]+)/gm)].map(
    ([, method = '', path = '']) => ({
      method,
      path: path.replace(/\{\{[^}]+\}\}/g, 'x'),
    }),
  );
  const isShown = ({ method, path }: { method: string; path: string }) =>
    examples.some((example) => example.method === method && fits(example.path, path));
  const exists = (example: { method: string; path: string }) =>
    calls.some(({ method, path }) => example.method === method && fits(example.path, path));
  expect(calls.length).toBeGreaterThan(25);
  expect(calls.filter((call) => !isShown(call))).toEqual([]);
  expect(examples.filter((example) => !exists(example))).toEqual([]);
});
