import { join } from 'node:path';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createRotatingFile, type RotatingFile } from './rotating-file.ts';
import { createStandardOutput, type TextSink } from './standard-output.ts';

export type Log = Logger;

/** How much is logged, of each part, and of all that has no level of its own (`all`). Changed while the program runs. */
export interface LogLevels {
  read(): Readonly<Record<string, string>>;
  /** `all`: of every part. Returns whether there is such a part. */
  set(part: string, level: string): boolean;
}

/** The section `log` of the settings. */
export interface LogSettings {
  level: string;
  /** By part, where it is another one. */
  levels?: Readonly<Record<string, string | undefined>>;
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
export function createLog(options: LogOptions): Log {
  return createLeveledLog(options).log;
}

/** The same, with the levels of its parts: of the children that were made with a `part`. */
export function createLeveledLog({ service, settings, destination = createStandardOutput() }: LogOptions): {
  log: Log;
  levels: LogLevels;
} {
  const screen = isPretty(settings, destination) ? prettySink(destination) : destination;
  const file = openFile(service, settings);
  const stream = {
    write(line: string) {
      screen.write(line);
      file?.write(line);
    },
  };
  const { level, levels = {} } = settings;
  const parts = new Map<string, Set<Log>>();
  const log = pino(
    {
      level: levels[service] ?? level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact,
      onChild(child) {
        const { part } = child.bindings();
        if (typeof part !== 'string') return;
        const own = levels[part];
        if (own !== undefined) child.level = own;
        const known = parts.get(part);
        if (known === undefined) parts.set(part, new Set([child]));
        else known.add(child);
      },
    },
    stream,
  );
  return { log, levels: levelsOf(log, parts) };
}

function levelsOf(log: Log, parts: ReadonlyMap<string, ReadonlySet<Log>>): LogLevels {
  return {
    read() {
      const own = [...parts].map(([part, [first]]) => [part, first?.level ?? log.level]);
      return { all: log.level, ...Object.fromEntries(own) };
    },
    set(part, level) {
      const chosen = part === 'all' ? [log, ...[...parts.values()].flatMap((some) => [...some])] : parts.get(part);
      if (chosen === undefined) return false;
      for (const one of chosen) one.level = level;
      return true;
    },
  };
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
