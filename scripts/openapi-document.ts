import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAllInOne } from '../apps/all-in-one/src/index.ts';
import { defaultSettings } from '../packages/config/src/index.ts';
import { createLeveledLog } from '../packages/runtime/src/index.ts';

/** What `/openapi.json` answers, from a system that is built in a temporary folder and never listens. */
export async function readOpenApiDocument(): Promise<string> {
  const settings = defaultSettings();
  settings.data.dir = await mkdtemp(join(tmpdir(), 'ocpp-csms-openapi-'));
  const { log, levels } = createLeveledLog({
    service: 'openapi',
    settings: { ...settings.log, dir: '', level: 'warn' },
  });
  try {
    const system = await createAllInOne({ settings, log, levels });
    const { body } = await system.http.app.inject({ url: '/openapi.json' });
    await system.stop();
    return body;
  } finally {
    await rm(settings.data.dir, { recursive: true, force: true });
  }
}
