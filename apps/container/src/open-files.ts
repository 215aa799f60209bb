import { readFileSync } from 'node:fs';

/** What this process, and those that it starts, may raise its limit of open files to. */
export function openFilesLimit(): number {
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('Max open files'));
  const hard = line?.trim().split(/\s+/).at(-2);
  return hard === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(hard);
}
