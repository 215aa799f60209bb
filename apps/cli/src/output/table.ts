import { printable } from './printable.ts';
import type { Style, Terminal } from './terminal.ts';
import { fitted, padded, textWidth } from './text-width.ts';

export interface Column<Row> {
  title: string;
  text(row: Row): string;
  style?(row: Row): Style | undefined;
  /** Of numbers. */
  right?: boolean;
  /** Is shortened first where the screen is too narrow. */
  flexible?: boolean;
}

const gap = '  ';
/** A column is not made narrower than this. */
const narrowestColumn = 6;

/** A line for the titles and one for each row, fitted to the screen. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): string {
  const texts = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const natural = columns.map(({ title }, at) =>
    texts.reduce((most, line) => Math.max(most, textWidth(line[at] ?? '')), textWidth(title)),
  );
  const widths = fitWidths(natural, columns, terminal.columns);
  const line = (cells: readonly string[], styleOf: (at: number) => Style | undefined) =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        const short = fitted(cell, width);
        const isLast = at === cells.length - 1;
        const spaced = columns[at]?.right ? short.padStart(width) : isLast ? short : padded(short, width);
        const style = styleOf(at);
        return style === undefined ? spaced : spaced.replace(short, () => terminal.paint(style, short));
      })
      .join(gap)
      .trimEnd();
  const titles = line(
    columns.map(({ title }) => title),
    () => 'bold',
  );
  const body = rows.map((row, at) => line(texts[at] ?? [], (column) => columns[column]?.style?.(row)));
  return `${[titles, ...body].join('\n')}\n`;
}

/** Takes the missing columns of the screen from the widest of the flexible columns, then of all. */
function fitWidths(natural: readonly number[], columns: readonly { flexible?: boolean }[], screen: number): number[] {
  const widths = [...natural];
  const isFlexible = columns.map(({ flexible = false }) => flexible);
  let excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1) - screen;
  for (const mayShrink of [isFlexible, isFlexible.map(() => true)]) {
    while (excess > 0) {
      let widest = -1;
      for (const [at, width] of widths.entries()) {
        if (mayShrink[at] && width > narrowestColumn && width > (widths[widest] ?? 0)) widest = at;
      }
      if (widest < 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
      excess--;
    }
  }
  return widths;
}

/** Names and values, one pair a line. Values that are not there are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  const known = pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
  const width = known.reduce((most, [name]) => Math.max(most, textWidth(name)), 0);
  return known.map(([name, value]) => `${padded(name, width)}  ${printable(value)}\n`).join('');
}
