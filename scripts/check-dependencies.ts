import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findViolations, type SourceFile, type Workspace } from './dependency-rules.ts';

/** Compares every import with the rules of `dependency-rules.ts`; exits with 1 when one is broken. */
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const violations = findViolations(readSources(), readWorkspaces());
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;

/** What git knows or would take, so that a new file counts before it is committed. */
function listFiles(...patterns: string[]): string[] {
  const output = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z', '--', ...patterns], {
    encoding: 'utf8',
  });
  return [...new Set(output.split('\0'))].filter((path) => path !== '' && existsSync(path));
}

function readSources(): SourceFile[] {
  return listFiles('*.ts', '*.tsx').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function readWorkspaces(): Workspace[] {
  return listFiles('*/package.json')
    .filter((path) => path !== 'package.json')
    .map((path) => {
      const { name, exports = {}, dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'));
      return {
        folder: dirname(path),
        name,
        exports,
        dependencies: Object.keys({ ...dependencies, ...devDependencies }),
      };
    });
}
