import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './clean-environment.ts';

export interface Ended {
  code: number | null;
  output: string;
  /** What it wrote to standard error. */
  notes: string;
}

const ownTimeoutMs = 50_000;

/** Runs a program of this repository, by its path from the root, until it ends. */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const main = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { ...cleanEnvironment(), ...env },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ownTimeoutMs,
  });
  let output = '';
  let notes = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, output, notes };
}
