import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Check, failed, ok, warning } from './check.ts';

const name = 'admin key';
const shortestKey = 20;
const putItBack = 'Put the file back; or restart, which makes a new key and prints it once.';

export const adminKey: Check = {
  name,
  async run({ directory, settings, runningAt }) {
    const file = join(directory, 'admin.key');
    try {
      const key = (await readFile(file, 'utf8')).trim();
      if (key.length < shortestKey || /\s/.test(key))
        return failed(name, `${file} does not hold a key (one line of at least ${shortestKey} characters)`, putItBack);
      const { mode } = await stat(file);
      if (process.platform !== 'win32' && (mode & 0o077) !== 0)
        return warning(name, `${file} can be read by other users of this machine`, `Run: chmod 600 ${file}`);
      return ok(name, file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        return failed(name, file, describeSystemError(error) ?? String(error));
      if ((await runningAt(settings.http.port)) !== undefined)
        return failed(name, `${file} is missing, while the system runs with a key that was in it`, putItBack);
      return ok(name, `${file} is made at the first start, and the key is printed once`);
    }
  },
};
