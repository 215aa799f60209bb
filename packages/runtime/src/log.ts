import { join } from 'node:path';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createRotatingFile, type RotatingFile } from './rotating-file.ts';
import { createStandardOutput, type TextSink } from './standard-output.ts';

export type Log = Logger;

/** The section `log` of the settings. */
export interface LogSettings {
  level: string;
  /** Empty: no files. */
  dir: string;
  pretty: 'auto' | 'always' | 'never';
  maxFileMegabytes: number;
  maxFiles: number;
}

export interface LogOptions {
  /** Names the file, `<dir>/<service>.log`, and is on every line. */
  service: string;
  settings: LogSettings;
  /** Instead of the standard output. */
  destination?: TextSink;
}

/** Never in a log, at the top and one level down. */
const secrets = ['password', 'authorization', 'key', 'apiKey', 'accessToken', 'access_token', 'cookie'];

const redact = {
  paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers.authorization', 'req.headers.cookie'],
  censor: '[secret]',
};

/** Writes JSON lines to the file, and JSON or readable lines to the standard output. */
export function createLog({ service, settings, destination = createStandardOutput() }: LogOptions): Log {
  const screen = isPretty(settings, destination) ? prettySink(destination) : destination;
  const file = openFile(service, settings);
  const stream = {
    write(line: string) {
      screen.write(line);
      file?.write(line);
    },
  };
  return pino(
    {
      level: settings.level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact,
    },
    stream,
  );
}

function isPretty({ pretty }: LogSettings, { isTerminal = false }: TextSink): boolean {
  return pretty === 'always' || (pretty === 'auto' && isTerminal);
}

function prettySink(sink: TextSink): TextSink {
  const prettify = prettyFactory({
    colorize: sink.isTerminal === true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'service',
    messageFormat: '{service}: {msg}',
    levelFirst: false,
  });
  return { write: (line) => sink.write(prettify(line) ?? line) };
}

function openFile(service: string, { dir, maxFileMegabytes, maxFiles }: LogSettings): RotatingFile | undefined {
  if (dir === '') return undefined;
  return createRotatingFile({ path: join(dir, `${service}.log`), maxBytes: maxFileMegabytes * 1_048_576, maxFiles });
}
