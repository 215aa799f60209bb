import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure, wrongUsage } from '../failure.ts';
import { type Api, type ApiOptions, createApi } from './api.ts';
import { hostToAsk } from './host-to-ask.ts';

export interface ApiFlags {
  url?: string;
  key?: string;
  keyFile?: string;
  config?: string;
  json?: boolean;
}

/** Heads these options in the help. */
export const reachingIt = 'Reaching the CSMS:';

/** The options of every command that speaks to a running system. */
export function withApi(command: Command): Command {
  const options = [
    new Option('--url <url>', 'of the API; otherwise CSMS_URL, else this machine, at the port of the settings'),
    new Option('--key-file <file>', 'with the API key; otherwise CSMS_API_KEY, else admin.key in the data folder'),
    new Option('--key <key>', 'the API key itself, which others may see in the list of processes'),
    new Option('-c, --config <file>', 'settings to take port and data folder from'),
  ];
  command.option('--json', 'for programs');
  for (const option of options) command.addOption(option.helpGroup(reachingIt));
  return command;
}

/** Rejects with a `Failure` when it cannot be told where the API is, or with which key. Asks nobody yet. */
export async function connect(
  flags: ApiFlags,
  context: Pick<Context, 'env' | 'cwd' | 'calledAs'>,
  more: Pick<ApiOptions, 'timeoutMs'> = {},
): Promise<Api> {
  const { env, cwd, calledAs } = context;
  let loading: Promise<Settings> | undefined;
  // Read, and what reads them loaded, where they are needed: somebody who says everything waits for neither.
  const settings = () => (loading ??= readSettings(flags.config, { env, cwd }));
  const given = flags.url ?? env.CSMS_URL;
  const url = given === undefined ? urlOf(await settings()) : checkedUrl(given);
  const key = givenKey(flags, env) ?? (await adminKey(url, given !== undefined, settings, cwd));
  return createApi({ url, key, calledAs, ...more });
}

async function readSettings(file: string | undefined, { env, cwd }: Pick<Context, 'env' | 'cwd'>): Promise<Settings> {
  const { loadSettings } = await import('@ocpp-csms/config');
  return loadSettings({ file, env, cwd }).settings;
}

function urlOf({ http }: Settings): string {
  if (http.port === 0)
    throw wrongUsage(
      'http.port is 0: which port the system has, only it knows.',
      'Give its URL with --url or CSMS_URL.',
    );
  return `http://${hostToAsk(http.host)}:${http.port}`;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw wrongUsage(
    `${text} is not the URL of an API.`,
    'It looks like http://localhost:8080 or https://csms.example.com.',
  );
}

function givenKey({ key, keyFile }: ApiFlags, env: NodeJS.ProcessEnv): string | undefined {
  if (keyFile !== undefined) return readKey(keyFile, keyFile);
  return key ?? (env.CSMS_API_KEY || undefined);
}

/** The key of this machine is not sent to another one. */
async function adminKey(
  url: string,
  isGiven: boolean,
  settings: () => Promise<Settings>,
  cwd: string,
): Promise<string> {
  if (isGiven && !isThisMachine(url))
    throw new Failure(exitCodes.notAllowed, `There is no API key for ${url}.`, {
      advice: 'Give one with --key-file or CSMS_API_KEY; the admin key of this machine is for this machine alone.',
    });
  const file = join(resolve(cwd, (await settings()).data.dir), 'admin.key');
  return readKey(file, 'its data folder');
}

function isThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function readKey(file: string, where: string): string {
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (key !== '' && !/\s/.test(key)) return key;
    throw new Failure(exitCodes.notAllowed, `${file} does not hold an API key: one line without spaces.`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? `There is no ${file}.` : (describeSystemError(error) ?? String(error));
    throw new Failure(exitCodes.notAllowed, `There is no API key: ${reason}`, {
      advice: `Run it where ${where} is, as a user who may read it; or give a key with --key-file or CSMS_API_KEY.`,
      cause: error,
    });
  }
}
