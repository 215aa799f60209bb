import type { Envelope } from '@ocpp-csms/bus';
import { storable, withoutPayloads } from '../envelope-text.ts';
import type { LogLine } from '../message.ts';
import { keyOf, partsKey, rowKeyOf, textOfKey, timeOfRowKey } from './keys.ts';

/** A row on its way into a table. Texts alone, but for numbers of 32 bits. */
export interface Entity {
  partitionKey: string;
  rowKey: string;
  [property: string]: string | number;
}

/** A row as it was read. */
export interface FoundEntity {
  partitionKey?: string;
  rowKey?: string;
  [property: string]: unknown;
}

/** 64 KiB in a property, and its texts are UTF-16. */
const maxPropertyLength = 32_000;
/** 1 MiB in an entity: what remains is for keys and names. */
const maxEntityLength = 480_000;

export interface MessageEntity {
  entity: Entity;
  /** Where the entity holds not all of the message: its JSON, piece by piece, for the index table. */
  parts: Entity[];
}

/** The message as a row: what other programs look for in columns of their own, the rest of the envelope in `envelope`. */
export function entityOf(envelope: Envelope): MessageEntity {
  const keys = { partitionKey: keyOf(envelope.client), rowKey: rowKeyOf(envelope) };
  const columns = {
    ...keys,
    serverNode: columnText(envelope.serverNode),
    direction: envelope.body.direction,
    messageTime: columnText(envelope.messageTime),
    ...(envelope.answerTo === undefined ? {} : { answerTo: keyOf(envelope.answerTo) }),
  };
  const { body, rest } = textsOf(envelope);
  if (body.length + rest.length <= maxEntityLength) {
    return { entity: { ...columns, ...split('body', body), ...split('envelope', rest) }, parts: [] };
  }
  return tooLarge(columns, envelope, { body, rest });
}

/** For people and other programs: the exact text is in `envelope`. */
const columnText = (text: string): string => storable(text).replaceAll('\0', '\ufffd').slice(0, maxPropertyLength);

interface Texts {
  body: string;
  rest: string;
}

function textsOf(envelope: Envelope): Texts {
  try {
    return { body: JSON.stringify(envelope.body), rest: JSON.stringify({ ...envelope, body: undefined }) };
  } catch {
    const shallow = withoutPayloads(envelope);
    return { body: JSON.stringify(shallow.body), rest: JSON.stringify({ ...shallow, body: undefined }) };
  }
}

/** The row says what the message is, without the payload, and how many pieces of the whole there are elsewhere. */
function tooLarge(columns: Entity, { body: { direction, msgId, messageType } }: Envelope, { body, rest }: Texts) {
  const partitionKey = partsKey(columns.partitionKey, columns.rowKey);
  const pieces = piecesOf(`${rest.slice(0, -1)},"body":${body}}`, maxEntityLength);
  const parts = pieces.map((piece, n) => ({ partitionKey, rowKey: partRowKey(n), ...split('text', piece) }));
  const short = [msgId, messageType].every((text) => text.length < maxPropertyLength / 8)
    ? { direction, msgId, messageType, messageBody: null }
    : { direction, messageBody: null };
  return { entity: { ...columns, body: JSON.stringify(short), parts: parts.length }, parts };
}

export const partRowKey = (n: number): string => String(n).padStart(6, '0');

/** `name`, `name1`, `name2`, …: as many properties as the text needs. */
export function split(name: string, text: string): Record<string, string> {
  const pieces = piecesOf(text, maxPropertyLength);
  return Object.fromEntries(pieces.map((piece, n) => [n === 0 ? name : `${name}${n}`, piece]));
}

/** Not within a surrogate pair, whose halves are no text. */
function piecesOf(text: string, length: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length || at === 0; ) {
    let end = Math.min(text.length, at + length);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
    pieces.push(text.slice(at, end));
    at = Math.max(end, 1);
  }
  return pieces;
}

export function join(name: string, entity: FoundEntity): string {
  let text = '';
  for (let n = 0; ; n++) {
    const piece = entity[n === 0 ? name : `${name}${n}`];
    if (typeof piece !== 'string') return text;
    text += piece;
  }
}

export type FoundLine = Pick<LogLine, 'time' | 'message'> & { rowKey: string };

/** How many pieces of the message are elsewhere. */
export const partsOf = ({ parts }: FoundEntity): number => (typeof parts === 'number' ? parts : 0);

/** The message, of which `parts` is the whole JSON where the entity does not hold it. */
export function lineOf(entity: FoundEntity, parts: string | undefined): FoundLine {
  const rowKey = entity.rowKey ?? '';
  const message = parts === undefined ? messageOf(entity) : (JSON.parse(parts) as LogLine['message']);
  message.body.messageBody ??= null;
  return { rowKey, time: timeOfRowKey(rowKey), message };
}

/** Characters of the texts of the entity. */
export function sizeOf(entity: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const value of Object.values(entity)) if (typeof value === 'string') size += value.length;
  return size;
}

/** Rows of another program, of the columns alone, are messages as well. */
function messageOf(entity: FoundEntity): LogLine['message'] {
  const body = JSON.parse(join('body', entity) || '{}') as LogLine['message']['body'];
  const rest = join('envelope', entity);
  if (rest !== '') return { ...(JSON.parse(rest) as Omit<LogLine['message'], 'body'>), body };
  const { partitionKey = '', rowKey = '', serverNode, messageTime } = entity;
  return {
    serverNode: String(serverNode ?? ''),
    client: textOfKey(partitionKey),
    messageTime: String(messageTime ?? ''),
    id: `${partitionKey} ${rowKey}`,
    origin: 'client',
    body: { ...body, direction: body.direction ?? 0, msgId: body.msgId ?? '', messageType: body.messageType ?? '' },
  };
}
