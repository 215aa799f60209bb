import type { Log } from './log.ts';

export interface ShutdownOptions {
  log: Log;
  /** Ends everything: takes nothing new, finishes what is under way. Called once. */
  stop: () => Promise<void>;
  /** After this long, the process exits with code 1 even though `stop` has not finished. */
  timeoutMs: number;
  /** Stops when the process that started this one with a channel to it ends, or closes the channel. */
  withStarter?: boolean;
}

/** Windows knows no SIGTERM; after SIGHUP it ends the process within some seconds, whatever that does. */
const endingSignals: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];

/** A Ctrl-C at a terminal reaches us twice when npm started us: from the terminal, and passed on by npm. */
const sameKeyPressMs = 500;

/**
 * SIGINT, SIGTERM, or on Windows Ctrl-Break and the closed console: `stop`, then exit 0; a second one, after half a
 * second, exits at once with 130. An error that nobody caught is logged and the process exits with 1 without draining:
 * its state can no longer be trusted, and what was answered is on disk already.
 */
export function installShutdown({ log, stop, timeoutMs, withStarter = false }: ShutdownOptions): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: string) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > sameKeyPressMs) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    log.info(`${signal}: stopping; once more to stop at once`);
    void drain({ log, stop, timeoutMs });
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  if (withStarter) process.once('disconnect', () => onSignal('What started it has ended'));
  process.on('uncaughtException', (error) => crash(log, error));
  process.on('unhandledRejection', (reason) => crash(log, reason));
}

async function drain({ log, stop, timeoutMs }: ShutdownOptions): Promise<void> {
  const timer = setTimeout(() => {
    log.error(`not stopped after ${timeoutMs / 1000} s, giving up`);
    process.exit(1);
  }, timeoutMs);
  try {
    await stop();
    clearTimeout(timer);
    log.info('stopped');
    process.exit(0);
  } catch (error) {
    log.error({ err: error }, 'stopping failed');
    process.exit(1);
  }
}

function crash(log: Log, error: unknown): never {
  log.fatal({ err: error }, 'an error that nobody caught; stopping at once');
  process.exit(1);
}
