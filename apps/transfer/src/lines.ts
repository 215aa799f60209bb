import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** The lines of a stream of bytes, without their ends; a last line without an end counts too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  /** The pieces of a line that has not ended: joined once, however many chunks it is long. */
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.write(Buffer.from(chunk)).split('\n');
    pieces.push(first);
    for (const piece of others) {
      yield pieces.join('');
      pieces = [piece];
    }
  }
  const rest = pieces.join('') + decoder.end();
  if (rest !== '') yield rest;
}

/** The last line is short: the counts of each table. */
const tailBytes = 65_536;

/** The last line of a file, or what there is of it. */
export async function lastLineOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  } finally {
    await file.close();
  }
}
