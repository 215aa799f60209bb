import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from './load.ts';

interface Service {
  spec: { template: { spec: { timeoutSeconds: number; containers: { ports: object[]; env: Variable[] }[] } } };
}
interface Variable {
  name: string;
  value?: string;
}

const secrets: Readonly<Record<string, string>> = {
  CSMS_POSTGRESQL_URL: 'postgresql://csms:x@localhost/csms?host=/cloudsql/p:r:csms',
  CSMS_HTTP_API_KEYS: JSON.stringify([{ name: 'console', role: 'admin', key: 'x'.repeat(48) }]),
};

test('deploy/cloud-run/service.yaml sets what there is to set, and it goes together', () => {
  const file = new URL('../../../deploy/cloud-run/service.yaml', import.meta.url);
  const service: Service = parse(readFileSync(file, 'utf8'));
  const { timeoutSeconds, containers } = service.spec.template.spec;
  expect(timeoutSeconds).toBe(3600);
  const [container] = containers;
  expect(container?.ports).toEqual([{ name: 'http1', containerPort: 8080 }]);
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? secrets[name]]));
  const { settings } = loadSettings({ env: { ...env, K_SERVICE: 'ocpp-csms', PORT: '8080' }, cwd: '/nowhere' });
  expect(settings).toMatchObject({
    storage: { driver: 'postgresql' },
    http: { port: 8080, trustedProxies: ['169.254.0.0/16'] },
    log: { dir: '' },
    csmsServer: { drainSeconds: 4 },
  });
});
