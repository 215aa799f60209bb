import { crc32 } from 'node:zlib';
import { BusError, type Topic } from '../../bus.ts';

/**
 * A message as it rests in the journal and goes over the wire, the same bytes for both:
 * length of the whole (4 bytes), CRC-32 of what follows (4), index (6), topic (1), lengths of client (2) and kind (1),
 * client, kind, and the content as JSON. What is needed to route a message is readable without parsing the content.
 */
export interface JournalRecord {
  /** Counts the messages of one journal; identifies a message in acknowledgements. */
  readonly index: number;
  /** In bytes since the journal was begun. */
  readonly position: number;
  readonly end: number;
  readonly topic: Topic;
  readonly client: string;
  /** The action or the event; empty when it is longer than 255 bytes. */
  readonly kind: string;
  readonly bytes: Buffer;
}

export class CorruptRecord extends Error {
  override readonly name = 'CorruptRecord';
}

export const TOPICS: readonly Topic[] = ['MessagesIn', 'MessagesSent', 'Events'];
export const HEADER_BYTES = 18;
/** Far above any frame that csms-server takes (64 MiB at most); keeps a damaged length from being believed. */
export const MAX_RECORD_BYTES = 256 * 1024 * 1024;
const INDEX_AT = 8;
const TOPIC_AT = 14;
const CLIENT_LENGTH_AT = 15;
const KIND_LENGTH_AT = 17;

/** Everything but index and checksum, which `seal` fills in. Throws `BusError('Refused')`. */
export function encodeRecord(topic: Topic, client: string, kind: string, json: string): Buffer {
  const clientBytes = Buffer.byteLength(client);
  let kindBytes = Buffer.byteLength(kind);
  if (kindBytes > 255) kindBytes = 0;
  const length = HEADER_BYTES + clientBytes + kindBytes + Buffer.byteLength(json);
  if (clientBytes > 65_535 || length > MAX_RECORD_BYTES) {
    throw new BusError(
      'Refused',
      `${topic}: a message of ${length} bytes of the client ${client.slice(0, 100)} is too large`,
    );
  }
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32BE(length, 0);
  bytes[TOPIC_AT] = TOPICS.indexOf(topic);
  bytes.writeUInt16BE(clientBytes, CLIENT_LENGTH_AT);
  bytes[KIND_LENGTH_AT] = kindBytes;
  bytes.write(client, HEADER_BYTES);
  if (kindBytes > 0) bytes.write(kind, HEADER_BYTES + clientBytes);
  bytes.write(json, HEADER_BYTES + clientBytes + kindBytes);
  return bytes;
}

/** Gives the record its index. */
export function seal(bytes: Buffer, index: number): void {
  bytes.writeUIntBE(index, INDEX_AT, 6);
  bytes.writeUInt32BE(crc32(bytes.subarray(INDEX_AT)), 4);
}

/** How many bytes the record that begins at `offset` has; undefined when too few are there to tell. Throws `CorruptRecord`. */
export function lengthAt(buffer: Buffer, offset: number): number | undefined {
  if (offset + 4 > buffer.length) return undefined;
  const length = buffer.readUInt32BE(offset);
  if (length < HEADER_BYTES || length > MAX_RECORD_BYTES) throw new CorruptRecord(`a length of ${length} bytes`);
  return length;
}

/** The whole records at the beginning of `buffer`, which begins at `position` of the journal. Throws `CorruptRecord` when the first is damaged. */
export function decodeRecords(buffer: Buffer, position: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let offset = 0; ; ) {
    try {
      const length = lengthAt(buffer, offset);
      if (length === undefined || offset + length > buffer.length) return records;
      records.push(decodeRecord(buffer.subarray(offset, offset + length), position + offset));
      offset += length;
    } catch (error) {
      if (records.length === 0) throw error;
      return records;
    }
  }
}

function decodeRecord(bytes: Buffer, position: number): JournalRecord {
  if (crc32(bytes.subarray(INDEX_AT)) !== bytes.readUInt32BE(4)) throw new CorruptRecord('a wrong checksum');
  const clientEnd = HEADER_BYTES + bytes.readUInt16BE(CLIENT_LENGTH_AT);
  const kindEnd = clientEnd + (bytes[KIND_LENGTH_AT] ?? 0);
  const topic = TOPICS[bytes[TOPIC_AT] ?? -1];
  if (topic === undefined || kindEnd > bytes.length) throw new CorruptRecord('an unknown form');
  return {
    index: bytes.readUIntBE(INDEX_AT, 6),
    position,
    end: position + bytes.length,
    topic,
    client: bytes.toString('utf8', HEADER_BYTES, clientEnd),
    kind: bytes.toString('utf8', clientEnd, kindEnd),
    bytes,
  };
}

/** The content as JSON text. */
export function contentOf({ bytes }: JournalRecord): string {
  const at = HEADER_BYTES + bytes.readUInt16BE(CLIENT_LENGTH_AT) + (bytes[KIND_LENGTH_AT] ?? 0);
  return bytes.toString('utf8', at);
}
