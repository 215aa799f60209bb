import { fileURLToPath } from 'node:url';

/** Where `npm run build -w apps/console` puts the web console. There may be none. */
export const consoleFolder = fileURLToPath(new URL('../../../apps/console/dist', import.meta.url));
