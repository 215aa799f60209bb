import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { defaultSettings } from './defaults.ts';
import { readEnvironment } from './environment.ts';
import { checkValue, isPlainObject } from './problems.ts';
import { type SettingSchema, type Settings, settingsSchema } from './schema.ts';

export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** Settings that cannot be used. `problems` has one line for each, `message` all of them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** The file, or `defaults`. */
  readonly source: string;
  readonly problems: readonly string[];
  readonly advice = 'Every setting, with its default, is in conf.example.yaml.';
  constructor(source: string, problems: readonly string[]) {
    const count = problems.length === 1 ? 'There is a problem' : `There are ${problems.length} problems`;
    super(`${count} in the settings (${source}):\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.source = source;
    this.problems = problems;
  }
}

export interface LoadOptions {
  /** From `--config`. Without it: `conf.yaml`, then `cfg/conf.yaml`, then the defaults alone. */
  file?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** What relative file names start from. */
  cwd: string;
  /** From the command line: stronger than file and environment. */
  overrides?: DeepPartial<Settings>;
}

export interface LoadedSettings {
  settings: Settings;
  /** In words, where they came from. */
  source: string;
  /** `http.port` → the file or the variable that it came from. What is not in it is the default. */
  origins: ReadonlyMap<string, string>;
}

/**
 * File, then environment, then overrides, over the defaults.
 * Throws `SettingsError` with everything that is wrong at once.
 */
export function loadSettings({ file, env, cwd, overrides = {} }: LoadOptions): LoadedSettings {
  const problems: string[] = [];
  const path = findFile(file, cwd);
  const source = path ?? 'defaults';

  const fromFile = path === undefined ? {} : readSettingsFile(path, source);
  checkValue(settingsSchema as SettingSchema, fromFile, '', {}, problems);
  const fromEnvironment = readEnvironment(env, problems);
  for (const { path, schema, value, variable } of fromEnvironment) {
    checkValue(schema, value, path.join('.'), { label: `from ${variable}` }, problems);
  }
  checkValue(settingsSchema as SettingSchema, overrides, '', { label: 'from the command line' }, problems);
  if (problems.length > 0) throw new SettingsError(source, problems);

  const settings = merged(defaultSettings(), fromFile);
  const origins = new Map<string, string>();
  note(origins, fromFile, source);
  for (const { path, value, variable } of fromEnvironment) {
    const setting = { [path[0]]: { [path[1]]: value } };
    merge(settings, setting);
    note(origins, setting, variable);
  }
  merge(settings, overrides);
  note(origins, overrides, 'the command line');
  checkTogether(settings as Settings, problems);
  if (problems.length > 0) throw new SettingsError(source, problems);

  return { settings: settings as Settings, source: describeSource(source, fromEnvironment.length), origins };
}

function findFile(file: string | undefined, cwd: string): string | undefined {
  if (file !== undefined) return resolve(cwd, file);
  return ['conf.yaml', 'cfg/conf.yaml'].map((name) => resolve(cwd, name)).find((path) => existsSync(path));
}

function readSettingsFile(path: string, source: string): Record<string, unknown> {
  const document = parseDocument(readText(path, source), { prettyErrors: true });
  if (document.errors.length > 0) {
    // The first line says what and where; the lines after it quote the file, which may hold keys.
    const problems = document.errors.map(({ message }) => message.split('\n', 1)[0]?.replace(/:$/, ''));
    throw new SettingsError(
      source,
      problems.map((problem) => `is not valid YAML: ${problem}`),
    );
  }
  const content: unknown = document.toJS() ?? {};
  if (!isPlainObject(content))
    throw new SettingsError(source, ['must have sections such as "http:" with settings below them']);
  // A section whose settings are all commented out is null in YAML.
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, value ?? {}]));
}

function readText(path: string, source: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'is a folder, not a file',
      EACCES: 'may not be read by this user',
    };
    throw new SettingsError(source, [reasons[code ?? ''] ?? `cannot be read (${code})`]);
  }
}

function merged(base: unknown, over: unknown): Record<string, unknown> {
  const result = structuredClone(base) as Record<string, unknown>;
  merge(result, over as Record<string, unknown>);
  return result;
}

/** Sections are merged; everything below a setting replaces what was there. */
function merge(target: Record<string, unknown>, over: Record<string, unknown>): void {
  for (const [section, values] of Object.entries(over)) {
    target[section] = { ...(target[section] as object), ...(values as object) };
  }
}

function note(origins: Map<string, string>, values: object, origin: string): void {
  for (const [section, members] of Object.entries(values)) {
    for (const key of Object.keys(members)) origins.set(`${section}.${key}`, origin);
  }
}

/** What one value alone cannot show. */
function checkTogether(settings: Settings, problems: string[]): void {
  const { http, session, storage, postgresql, messageManager, azureTables } = settings;
  const twice = (values: string[]) => values.findIndex((value, index) => values.indexOf(value) !== index);
  const name = twice(http.apiKeys.map((apiKey) => apiKey.name));
  if (name >= 0) problems.push(`http.apiKeys[${name}].name: ${JSON.stringify(http.apiKeys[name]?.name)} is used twice`);
  const key = twice(http.apiKeys.map((apiKey) => apiKey.key));
  if (key >= 0) problems.push(`http.apiKeys[${key}].key: the same key is used twice`);
  if (storage.driver === 'postgresql' && postgresql.url === '') {
    problems.push('postgresql.url: is needed with storage.driver postgresql');
  }
  if (messageManager.store === 'azure-tables' && azureTables.connectionString === '') {
    problems.push('azureTables.connectionString: is needed with messageManager.store azure-tables');
  }
  if (Number.isNaN(Date.parse(session.plausibleFrom))) {
    problems.push(`session.plausibleFrom: is not a date that exists (is "${session.plausibleFrom}")`);
  }
}

function describeSource(source: string, variables: number): string {
  if (variables === 0) return source;
  return `${source} and ${variables} environment variable${variables === 1 ? '' : 's'}`;
}
