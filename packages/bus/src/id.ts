import { randomFillSync } from 'node:crypto';

export interface IdSourceOptions {
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Fills the bytes with randomness. */
  random?: (bytes: Uint8Array) => void;
}

const POOL_BYTES = 8192;
/** A fresh millisecond starts its counter below this, so that it cannot be guessed from the one before. */
const COUNTER_START = 1024;
const COUNTER_END = 4096;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const DASH = 0x2d;
const VERSION_7 = 0x37;

/** Two hex digits of every byte, as character codes: high at `2n`, low at `2n + 1`. */
const HEX_OF_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''));

/** Positions of the 16 random digits in a UUID: `…-VRRR-RRRRRRRRRRRR` with the variant in the first. */
const RANDOM_POSITIONS = [19, 21, 24, 26, 28, 30, 32, 34] as const;

function hexDigit(value: number): number {
  return HEX[value & 15] ?? 0;
}

/**
 * A source of UUIDv7 (RFC 9562, method 1: a 12-bit counter after the milliseconds). Ids of one source rise strictly,
 * also when the clock stands still or is set back. When 3,000 ids a millisecond are not enough, the next millisecond is used.
 */
export function createIdSource({ clock = Date.now, random = randomFillSync }: IdSourceOptions = {}): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let poolAt = POOL_BYTES;
  let millisecond = -1;
  let counter = 0;
  // One buffer is written over for every id and read as one flat string: no garbage, and no string that keeps a pool alive.
  const text = Buffer.alloc(36);
  for (const position of [8, 13, 18, 23]) text[position] = DASH;
  text[14] = VERSION_7;

  function takeRandom(): number {
    if (poolAt === POOL_BYTES) {
      random(pool);
      poolAt = 0;
    }
    return pool[poolAt++] ?? 0;
  }

  function startMillisecond(next: number): void {
    millisecond = next;
    counter = ((takeRandom() << 8) | takeRandom()) % COUNTER_START;
    let rest = next;
    for (let position = 12; position >= 0; position--) {
      if (position === 8) continue;
      text[position] = hexDigit(rest % 16);
      rest = Math.floor(rest / 16);
    }
  }

  function writeCounter(): void {
    text[15] = hexDigit(counter >> 8);
    text[16] = hexDigit(counter >> 4);
    text[17] = hexDigit(counter);
  }

  function writeRandom(): void {
    for (const position of RANDOM_POSITIONS) {
      // The variant of RFC 9562 is the two highest bits: 10.
      const byte = position === 19 ? (takeRandom() & 0x3f) | 0x80 : takeRandom();
      text[position] = HEX_OF_BYTE[byte * 2] ?? 0;
      text[position + 1] = HEX_OF_BYTE[byte * 2 + 1] ?? 0;
    }
  }

  return () => {
    const now = clock();
    if (now > millisecond) startMillisecond(now);
    else if (++counter === COUNTER_END) startMillisecond(millisecond + 1);
    writeCounter();
    writeRandom();
    return text.toString('latin1');
  };
}
