// npm run service -- csms-server --config conf.yaml: one of the four services as a process of its own.
import { join } from 'node:path';
import { systemFlags } from '../apps/all-in-one/src/node-flags.js';
import { become, bootstrap, root } from './bootstrap.mjs';
import { ensureConsole } from './console.mjs';

const services = ['csms-server', 'message-manager', 'session', 'device-manager'];
const [service, ...args] = process.argv.slice(2);
if (!services.includes(service)) {
  const wants = service === '--help' || service === '-h';
  console[wants ? 'log' : 'error'](
    `Usage: npm run service -- SERVICE [--config FILE]\n\nSERVICE is one of ${services.join(', ')}.\nAll of them at once: scripts/run_all.sh`,
  );
  process.exit(wants ? 0 : 2);
}
const main = join(root, 'services', service, 'src', 'main.ts');
const node = await bootstrap();
// It is csms-server that serves the pages.
if (service === 'csms-server') await ensureConsole(node);
await become(node, [...systemFlags, main, ...args]);
