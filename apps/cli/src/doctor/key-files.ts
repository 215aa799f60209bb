import { open, stat } from 'node:fs/promises';
import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Check, type DoctorContext, type Finding, failed, ok, skipped, warning } from './check.ts';

const name = 'key files';

interface KeyFile {
  /** The setting or variable that names it. */
  from: string;
  file: string;
}

export const keyFiles: Check = {
  name,
  async run(context) {
    const files = filesOf(context);
    if (files.length === 0) return skipped(name, 'the settings name none');
    return Promise.all(files.map(inspectFile));
  },
};

function filesOf({ settings: { bus, nats }, env }: DoctorContext): KeyFile[] {
  const google = env.GOOGLE_APPLICATION_CREDENTIALS;
  return [
    ...(bus.driver === 'nats' && nats.credentialsFile !== ''
      ? [{ from: 'nats.credentialsFile', file: nats.credentialsFile }]
      : []),
    ...(bus.driver === 'gcp-pubsub' && google ? [{ from: 'GOOGLE_APPLICATION_CREDENTIALS', file: google }] : []),
  ];
}

async function inspectFile({ from, file }: KeyFile): Promise<Finding> {
  try {
    await (await open(file, 'r')).close();
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o007) !== 0)
      return warning(from, `${file} can be read by every user of this machine`, `Run: chmod o= ${file}`);
    return ok(from, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return failed(from, `there is no file ${file}`, `Put it there, or correct ${from}.`);
    return failed(from, file, describeSystemError(error) ?? String(error));
  }
}
