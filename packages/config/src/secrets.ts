import type { Settings } from './schema.ts';

const secretPath = /(key|password|secret|connectionString)s?(\[\d+\])?$/i;
const mask = '***';

/** Keys and passwords are not repeated on a screen. */
export const isSecretPath = (path: string): boolean => secretPath.test(path);

/** A copy for a screen: keys are masked, and what is secret in the URLs of servers. */
export function maskSecrets(settings: Settings): Settings {
  return masked(settings, '') as Settings;
}

/** The same for one setting, or what somebody wrote in its place. */
export function masked(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => masked(item, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, masked(member, path === '' ? key : `${path}.${key}`)]),
    );
  }
  if (typeof value !== 'string' || value === '') return value;
  return isSecretPath(path) ? mask : maskUrls(value);
}

/** `//user:password@` and `//token@`, and what PostgreSQL takes as a parameter. `nats.servers` has several URLs. */
function maskUrls(text: string): string {
  return text
    .replace(/\/\/([^\s/@:,]*):[^\s/,]*@/g, `//$1:${mask}@`)
    .replace(/\/\/[^\s/@:,]+@/g, `//${mask}@`)
    .replace(/([?&][^=&\s]*(?:password|secret|token|key)=)[^&\s]*/gi, `$1${mask}`);
}
