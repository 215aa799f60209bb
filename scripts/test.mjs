// npm test: everything. Arguments choose tests, and go to vitest: npm test -- --project unit packages/http
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';
import { runSteps, staticSteps } from './steps.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ocpp-csms-test-'));
process.env.COUNTING_REPORT = join(folder, 'report.json');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.chdir(root);

const node = await bootstrap();
const chosen = process.argv.slice(2);
const failedSteps = chosen.length === 0 ? runSteps(node, staticSteps) : [];
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'counting-reporter.mjs')}`];
const code = await run(node, [vitest, 'run', ...reporters, ...chosen]);
process.exitCode = summarize(readReport(), code);

/** Prints the counts as the last line. Returns the exit code: that no test ran is a failure too. */
function summarize({ tests, brokenFiles, unhandledErrors }, code) {
  const inState = (state) => tests.filter((test) => test.state === state);
  const passed = inState('passed').length;
  const failed = inState('failed').length + brokenFiles + unhandledErrors + failedSteps.length;
  const skipped = [...inState('skipped'), ...inState('pending')];
  const flaky = tests.filter(({ isFlaky }) => isFlaky);

  if (skipped.length > 0) console.log('\nSkipped:');
  for (const { file, name, note } of skipped) console.log(`  ${file}: ${name}${note ? ` (${note})` : ''}`);
  if (passed + failed === 0) console.log('\nNot a single test ran.');
  if (flaky.length > 0) console.log('\nPassed at the second try only, and are to be looked at:');
  for (const { file, name, firstError } of flaky) console.log(`  ${file}: ${name}\n    ${firstError}`);
  if (failedSteps.length > 0) console.log(`\nFailed beside the tests: ${failedSteps.join(', ')}`);
  const again = flaky.length > 0 ? ` (${flaky.length} at the second try)` : '';
  console.log(`\n${passed} passed${again}, ${failed} failed, ${skipped.length} skipped`);
  return code === 0 && (failed > 0 || passed === 0) ? 1 : code;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(process.env.COUNTING_REPORT, 'utf8'));
  } catch {
    return { tests: [], brokenFiles: 0, unhandledErrors: 0 };
  }
}
