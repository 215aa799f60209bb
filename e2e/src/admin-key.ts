import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function readAdminKey(dataDir: string): Promise<string> {
  return (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim();
}
