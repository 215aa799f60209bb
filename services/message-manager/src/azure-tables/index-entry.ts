import type { Envelope } from '@ocpp-csms/bus';
import type { Filter } from '../filter.ts';
import { kindsOf } from '../kinds.ts';
import { msgIdCode } from '../msg-id-code.ts';
import { keyOf, rowKeyOf, timeOfRowKey } from './keys.ts';
import { type Entity, type FoundEntity, join, split } from './message-entity.ts';

/** What the index tells of a message: enough to know whether it has to be read. */
export interface IndexEntry {
  client: string;
  partitionKey: string;
  rowKey: string;
  /** Milliseconds since 1970. */
  time: number;
  kinds: number;
  action: string;
  /** See `msgIdCode`. */
  code: string;
  /** Pieces of it that are in the index table, since it is too large for an entity. */
  parts: number;
}

export function indexEntry(envelope: Envelope, parts: number): IndexEntry {
  const rowKey = rowKeyOf(envelope);
  return {
    client: envelope.client,
    partitionKey: keyOf(envelope.client),
    rowKey,
    time: timeOfRowKey(rowKey),
    kinds: kindsOf(envelope),
    action: envelope.body.messageType,
    code: msgIdCode(envelope.body.msgId),
    parts,
  };
}

/** Characters in one entity, so that it stays below 1 MiB. */
const maxLength = 300_000;

/** The entries as properties of entities, as few as there can be. */
export function pack(entries: readonly IndexEntry[]): Omit<Entity, 'partitionKey' | 'rowKey'>[] {
  const packed: Omit<Entity, 'partitionKey' | 'rowKey'>[] = [];
  let texts: string[] = [];
  let length = 0;
  const close = () => {
    if (texts.length > 0) packed.push({ count: texts.length, ...split('entries', `[${texts.join()}]`) });
    texts = [];
    length = 0;
  };
  for (const { client, rowKey, kinds, action, code, parts } of entries) {
    const text = JSON.stringify([client, rowKey, kinds, shortened(action), code, parts]);
    if (length + text.length > maxLength) close();
    texts.push(text);
    length += text.length + 1;
  }
  close();
  return packed;
}

/** One that is no action of OCPP may be as long as a message. The whole is compared when the message was read. */
const maxAction = 200;
const shortened = (action: string): string => action.slice(0, maxAction);

type Packed = [client: string, rowKey: string, kinds: number, action: string, code: string, parts: number];

export function unpack(entity: FoundEntity): IndexEntry[] {
  return (JSON.parse(join('entries', entity) || '[]') as Packed[]).map(
    ([client, rowKey, kinds, action, code, parts]) => ({
      client,
      partitionKey: keyOf(client),
      rowKey,
      time: timeOfRowKey(rowKey),
      kinds,
      action,
      code,
      parts,
    }),
  );
}

/** False: the message is none that is wanted. True: it may be one. */
export function mayBeWanted(entry: IndexEntry, filter: Filter): boolean {
  const { client, action, msgId, from, to, conditions } = filter;
  return (
    (client === undefined || entry.client === client) &&
    (from === undefined || entry.time >= from) &&
    (to === undefined || entry.time < to) &&
    (action === undefined || entry.action === shortened(action)) &&
    (msgId === undefined || entry.code === msgIdCode(msgId)) &&
    conditions.every(({ kind }) => kind === undefined || (entry.kinds & kind) > 0)
  );
}
