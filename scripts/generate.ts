import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from '../packages/ocpp/generate/files.ts';

/**
 * Writes the files that are generated from the OCPP schemas, or, with `--check`, compares them with what is committed
 * and ends with 1 when they differ.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const ocppFolder = join(root, 'packages/ocpp');

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function write(files: Map<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)} (${text.length} characters)`);
  }
}

function check(files: Map<string, string>): void {
  const stale = [...files].filter(([path, text]) => currentText(path) !== text).map(([path]) => relative(root, path));
  if (stale.length === 0) {
    console.log(`${files.size} generated files are as the schemas say`);
    return;
  }
  console.error(`These files differ from what the schemas say; run "npm run generate" and commit: ${stale.join(', ')}`);
  process.exitCode = 1;
}

const files = new Map([...generatedFiles()].map(([path, text]) => [join(ocppFolder, path), text]));
if (process.argv.includes('--check')) check(files);
else write(files);
