// In JavaScript and with built-ins alone: scripts/bootstrap.mjs uses it before there is anything else.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Goes on as another program: where the system can, this very process becomes it, so that nothing stands between it
 * and who started us; elsewhere it runs below us. Does not return.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<never>}
 */
export async function become(command, args, env = process.env) {
  if (process.execve && process.platform !== 'win32') process.execve(command, [command, ...args], env);
  process.exit(await run(command, args, env));
}

/**
 * Runs a program in the same terminal, passes signals on, and resolves with its exit code. Rejects when it cannot be run.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    const forget = passSignalsOn(child);
    child.on('error', (error) => {
      forget();
      reject(new Error(`${command} cannot be run: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      forget();
      resolve(code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0)));
    });
  });
}

/**
 * A Ctrl-C at a terminal reaches the child by itself, since it is in the same process group: passing it on would make
 * two of one, and the second means "at once". From anywhere else it reaches only us.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends it
 */
export function passSignalsOn(child) {
  const terminal = process.stdin.isTTY === true;
  // On Windows each of them comes from the console, and to all who share it; passed on, it would end the child at once.
  const windows = process.platform === 'win32';
  /** @type {NodeJS.Signals[]} */
  const signals = windows ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const listeners = signals.map((signal) => {
    const listener = () => {
      if (!windows && !(signal === 'SIGINT' && terminal)) child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
