import type { LogLine } from '../message.ts';
import { type BlockRow, linesPerBlock } from './schema.ts';

export type BlockContent = Pick<BlockRow, 'seq' | 'first_time' | 'content'>;

/** As the `LineFilter` of a search, with `seq`. */
export interface WantedLines {
  texts: readonly string[];
  holds(line: LogLine): boolean;
}

/** Takes apart only the lines that have the texts and are after this `seq`. */
export function* linesOf(block: BlockContent, { texts, holds }: WantedLines, after = 0): Generator<LogLine> {
  const firstIndex = after + 1 - block.seq * linesPerBlock;
  for (const [index, text] of block.content.split('\n').entries()) {
    if (index < firstIndex || !texts.every((part) => text.includes(part))) continue;
    const line = parseLine(block, index, text);
    if (holds(line)) yield line;
  }
}

/** The messages of these `seq`, which are in the block. */
export function linesAt(block: BlockContent, seqs: readonly number[]): LogLine[] {
  const lines = block.content.split('\n');
  return seqs.flatMap((seq) => {
    const index = seq - block.seq * linesPerBlock;
    const text = lines[index];
    return text === undefined ? [] : parseLine(block, index, text);
  });
}

function parseLine(block: BlockContent, index: number, text: string): LogLine {
  const message = JSON.parse(text) as LogLine['message'];
  message.body.messageBody ??= null;
  const time = Date.parse(message.messageTime);
  return { seq: block.seq * linesPerBlock + index, time: Number.isNaN(time) ? block.first_time : time, message };
}

export const blockOf = (seq: number): number => Math.floor(seq / linesPerBlock);
