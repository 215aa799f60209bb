import { exitCodeWords } from '../exit-codes.ts';
import { padded, textWidth } from '../output/text-width.ts';

/** An argument list, and what it is for. */
export type Example = readonly [args: string, words: string];

const widestExample = 62;

/** What stands below the options in the help of each command. */
export function examples(calledAs: string, list: readonly Example[], more = ''): string {
  const lines = list.map(([args, words]) => [`${calledAs} ${args}`, words] as const);
  const width = Math.min(widestExample, Math.max(...lines.map(([line]) => textWidth(line))));
  const shown = lines.map(([line, words]) => `  ${padded(line, width)}  ${words}`.trimEnd());
  return ['', 'Examples:', ...shown, '', ...(more === '' ? [] : [more, '']), exitCodeWords].join('\n');
}
