import type { Envelope } from '@ocpp-csms/bus';
import { type PartName, partNames } from './part-names.ts';
import { isTablePart, plans } from './parts.ts';
import { Refused } from './refused.ts';

export const formatName = 'ocpp-csms-transfer';
export const formatVersion = 1;

/** The first line. */
export interface Header {
  format: typeof formatName;
  version: number;
  /** The version of the program that wrote it. */
  program: string;
  /** ISO 8601 UTC. */
  createdAt: string;
  parts: PartName[];
  /** By database, the names of the migrations. Messages have none: they are in the public format of the bus. */
  migrations: Record<string, string[]>;
  /** Services ran meanwhile: it is no picture of one moment. */
  servicesRan?: true;
}

/** A value of a row. What JSON has no word for is in an object with one member. */
export type JsonValue = string | number | null | { $base64: string } | { $number: string };
export type JsonRow = Record<string, JsonValue>;

export interface RowLine {
  service: string;
  table: string;
  row: JsonRow;
}
export interface MessageLine {
  service: string;
  message: Envelope;
}

/** By service, by table the number of rows; `message` for messages. */
export type Counts = Record<string, Record<string, number>>;

/** The last line: a file without it was cut off. */
export interface EndLine {
  end: { lines: number; counts: Counts };
}

export type Line = RowLine | MessageLine | EndLine;

export const migrationsOf = (parts: readonly PartName[]): Header['migrations'] =>
  Object.fromEntries(
    parts
      .filter(isTablePart)
      .map((part) => [plans[part].database, plans[part].migrations.map(({ name }) => name).sort()]),
  );

export function headerOf(
  parts: readonly PartName[],
  { program, now, servicesRan }: { program: string; now: Date; servicesRan: boolean },
): Header {
  return {
    format: formatName,
    version: formatVersion,
    program,
    createdAt: now.toISOString(),
    parts: [...parts],
    migrations: migrationsOf(parts),
    ...(servicesRan ? { servicesRan: true } : {}),
  };
}

/** Throws `Refused` when this program does not understand the file. */
export function readHeader(line: string | undefined, program: string): Header {
  const header = parseObject(line) as Partial<Header> | undefined;
  if (header?.format !== formatName)
    throw new Refused(
      'This is no export of ocpp-csms: its first line is not the header of one.',
      'Name a file that `npm run export` wrote. To read messages alone of another origin there is no way.',
    );
  if (header.version !== formatVersion || !Array.isArray(header.parts) || typeof header.migrations !== 'object')
    throw new Refused(
      `The file has format version ${header.version}, and this program (${program}) reads ${formatVersion}.`,
      `Import it with version ${header.program} of ocpp-csms, which wrote it.`,
    );
  return { ...(header as Header), parts: header.parts.filter((part) => partNames.includes(part)) };
}

/** Rows fit only into the tables that they were read from. Throws `Refused`. */
export function checkMigrations(
  { migrations, program: writer }: Header,
  parts: readonly PartName[],
  program: string,
): void {
  for (const [database, ours] of Object.entries(migrationsOf(parts))) {
    const theirs = migrations[database] ?? [];
    if (JSON.stringify(theirs) === JSON.stringify(ours)) continue;
    const newer = theirs.some((name) => !ours.includes(name));
    throw new Refused(
      `The file was written by version ${writer} with other tables of ${database} (${theirs.join(', ')}) than version ${program} has (${ours.join(', ')}).`,
      newer
        ? `Import it with version ${writer}, or a later one with the same tables.`
        : `Start this version once on the old database, which brings it up to date, and export again; or import with version ${writer} and start this version on the new database.`,
    );
  }
}

/** Undefined when it is not a JSON object. */
export function parseObject(line: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function toJson(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return { $base64: Buffer.from(value).toString('base64') };
  if (typeof value === 'bigint') return { $number: String(value) };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  return value as JsonValue;
}

export function fromJson(value: JsonValue): string | number | null | Uint8Array {
  if (typeof value !== 'object' || value === null) return value;
  return '$base64' in value ? new Uint8Array(Buffer.from(value.$base64, 'base64')) : Number(value.$number);
}
