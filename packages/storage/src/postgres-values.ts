/**
 * The same values go in and come out as with SQLite: text, numbers, bytes and null; truth is 1 or 0, and there are no
 * dates. PostgreSQL takes no U+0000 in text (its own reason: C strings), and charge points do send it: it rests as an
 * escape that begins with a code point which Unicode keeps free for such uses. Lone surrogates become U+FFFD, as SQLite
 * makes of them.
 */
const MARK = '\uFDD0';
const NUL = `${MARK}0`;
const ITSELF = `${MARK}1`;

export function encodeText(text: string): string {
  let encoded = text;
  if (encoded.includes(MARK)) encoded = encoded.replaceAll(MARK, ITSELF);
  if (encoded.includes('\0')) encoded = encoded.replaceAll('\0', NUL);
  return encoded.isWellFormed() ? encoded : encoded.toWellFormed();
}

export function decodeText(text: string): string {
  if (!text.includes(MARK)) return text;
  return text.replaceAll(NUL, '\0').replaceAll(ITSELF, MARK);
}

/** A parameter as `pg` is to send it. */
export function encodeValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return encodeText(value);
    case 'boolean':
      return value ? 1 : 0;
    default:
      return value instanceof Uint8Array && !Buffer.isBuffer(value)
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        : value;
  }
}

/** By the type's oid in `pg_type`. What is not here comes as text. */
const parsers: Readonly<Record<number, (value: string) => unknown>> = {
  16: (value) => (value === 't' ? 1 : 0),
  17: parseBytes,
  20: Number,
  21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
  1700: Number,
};

/** For the `types` of a `pg` client. */
export function getTypeParser(oid: number): (value: string) => unknown {
  return parsers[oid] ?? decodeText;
}

/** `\x00ff…` (bytea_output = hex). */
function parseBytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value.slice(2), 'hex'));
}
