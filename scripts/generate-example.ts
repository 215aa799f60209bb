import { readFileSync, writeFileSync } from 'node:fs';
import { exampleYaml } from '../packages/config/src/index.ts';

/** Writes `conf.example.yaml`; with `--check`, compares and exits with 1 when it is not what the schema says. */
const file = new URL('../conf.example.yaml', import.meta.url);

if (!process.argv.includes('--check')) {
  writeFileSync(file, exampleYaml());
} else if (readCurrent() !== exampleYaml()) {
  console.error(
    'conf.example.yaml is not what packages/config/src/schema.ts says. Run: node scripts/generate-example.ts',
  );
  process.exitCode = 1;
}

function readCurrent(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
