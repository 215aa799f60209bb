import { isatty } from 'node:tty';
import { destination } from 'pino';
import { flushAtExit } from './flush-at-exit.ts';

/** Where lines of text go. */
export interface TextSink {
  write(line: string): void;
  /** Somebody reads along: readable lines with colours are wanted. */
  isTerminal?: boolean;
}

/** More than this waiting for a reader that does not read (a stopped pager) is dropped, so that memory stays bounded. */
const maxWaitingBytes = 16 * 1_048_576;

/** Written without blocking the event loop; what waits is written at exit, also after a crash. */
export function createStandardOutput(): TextSink {
  const stream = destination({ dest: 1, sync: false, maxLength: maxWaitingBytes });
  stream.on('error', () => {
    // The reader went away (`| head`). The log file goes on.
  });
  flushAtExit(() => stream.flushSync());
  return { write: (line) => void stream.write(line), isTerminal: isatty(1) };
}
