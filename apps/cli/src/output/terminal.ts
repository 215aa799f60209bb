import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** Where the results go, and what is said beside them. */
export interface Terminal {
  /** A result. Resolves when there is room for more. */
  out(text: string): Promise<void>;
  /** What is no result: hints, progress, errors. */
  note(line: string): void;
  /** A question; the answer is typed behind it. */
  prompt(text: string): void;
  /** Somebody looks at the results; otherwise they go into a file or another program. */
  readonly isScreen: boolean;
  /** Of the screen; infinite where there is none. */
  readonly columns: number;
  paint(style: Style, text: string): string;
}

const narrowest = 40;
const usualColumns = 80;

export function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  const isScreen = stdout.isTTY === true;
  return {
    isScreen,
    get columns() {
      return isScreen ? Math.max(stdout.columns || usualColumns, narrowest) : Number.POSITIVE_INFINITY;
    },
    async out(text) {
      if (!stdout.write(text)) await new Promise<void>((resolve) => stdout.once('drain', resolve));
    },
    prompt: (text) => void stderr.write(text),
    note: (line) => void stderr.write(`${line}\n`),
    // NO_COLOR and FORCE_COLOR are looked at by Node.js.
    paint: (style, text) => styleText(style, text, { stream: stdout }),
  };
}
