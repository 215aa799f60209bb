import { createInterface } from 'node:readline';
import type { Context } from '../context.ts';
import { wrongUsage } from '../failure.ts';

/** Asked for without being shown, or the first line of what is piped in: never an argument, which others could see. */
export async function readPassword({ stdin, terminal }: Pick<Context, 'stdin' | 'terminal'>): Promise<string> {
  const password = stdin.isTTY ? await hidden('Password: ', stdin, terminal.prompt) : await firstLine(stdin);
  if (password === '') throw wrongUsage('The password is empty.', 'It has 16 to 40 printable characters.');
  return password;
}

async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const backspaces = ['\u007F', '\b'];

/** Keys come one by one, and are not repeated by the terminal. */
function hidden(question: string, stdin: NodeJS.ReadStream, prompt: (text: string) => void): Promise<string> {
  // First, or somebody who is quick is seen.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  prompt(question);
  let typed = '';
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      stdin.off('data', onKeys);
      stdin.setRawMode(false);
      stdin.pause();
      prompt('\n');
      settle();
    };
    function onKeys(keys: string): void {
      for (const key of keys) {
        if (key === '\r' || key === '\n' || key === ctrlD) finish(() => resolve(typed));
        else if (key === ctrlC) finish(() => reject(wrongUsage('Nothing was done.')));
        else typed = backspaces.includes(key) ? typed.slice(0, -1) : typed + key;
      }
    }
    stdin.on('data', onKeys);
    stdin.resume();
  });
}
