import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderApi } from '../packages/api-client/generate/render-api.ts';
import { exampleYaml } from '../packages/config/src/index.ts';
import { generatedFiles } from '../packages/ocpp/generate/files.ts';
import { readOpenApiDocument } from './openapi-document.ts';

/**
 * Writes the files that are generated from the OCPP schemas, from the OpenAPI document and from the schema of the settings, or, with `--check`, compares
 * them with what is committed and ends with 1 when they differ.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

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
    console.log(`${files.size} generated files are as the schemas, the routes and the settings say`);
    return;
  }
  console.error(
    `These files differ from what the schemas, the routes and the settings say; run "npm run generate" and commit: ${stale.join(', ')}`,
  );
  process.exitCode = 1;
}

const files = new Map([...generatedFiles()].map(([path, text]) => [join(root, 'packages/ocpp', path), text]));
const document = JSON.parse(await readOpenApiDocument());
files.set(join(root, 'packages/api-client/src/generated/api.ts'), renderApi(document));
files.set(join(root, 'conf.example.yaml'), exampleYaml());
if (process.argv.includes('--check')) check(files);
else write(files);
