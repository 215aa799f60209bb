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

/** The message of this `seq`, which is in the block. */
export function lineAt(block: BlockContent, seq: number): LogLine | undefined {
  const index = seq - block.seq * linesPerBlock;
  const text = block.content.split('\n')[index];
  return text === undefined ? undefined : parseLine(block, index, text);
}

function parseLine(block: BlockContent, index: number, text: string): LogLine {
  const message = JSON.parse(text) as LogLine['message'];
  message.body.messageBody ??= null;
  const time = Date.parse(message.messageTime);
  return { seq: block.seq * linesPerBlock + index, time: Number.isNaN(time) ? block.first_time : time, message };
}

export const blockOf = (seq: number): number => Math.floor(seq / linesPerBlock);
