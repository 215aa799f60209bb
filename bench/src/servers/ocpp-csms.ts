/** This system as it is shipped: four services, SQLite with `synchronous=FULL`; compression off as for the peers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createAllInOne } from '@ocpp-csms/all-in-one';
import { loadSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { announce } from './report.ts';

// Beside the sources and not in /tmp, which may be memory: a commit has to cost what it costs.
const dir = mkdtempSync(join(import.meta.dirname, '../../.data-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

const { settings } = loadSettings({
  env: {},
  cwd: dir,
  overrides: {
    data: { dir },
    http: { host: '127.0.0.1', port: 0 },
    log: { dir: '', level: 'error' },
    csmsServer: { compression: false, adoptUnknown: true, upgradesPerSecond: 10_000 },
    auth: { reconnectsPerMinute: 10_000 },
  },
});
const system = await createAllInOne({ settings, log: createLog({ service: 'bench', settings: settings.log }) });
const { port } = await system.start();
announce(port);
