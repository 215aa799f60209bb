// A vitest reporter that writes the outcome of every test to the file COUNTING_REPORT, for scripts/test.mjs.
import { writeFileSync } from 'node:fs';

export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => describeTest(module, test)),
    );
    // A file that could not be loaded, or a hook that failed, has no test to show for it.
    const broken = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .flatMap((suite) => suite.errors());
    const report = { tests, brokenFiles: broken.length, unhandledErrors: unhandledErrors.length };
    writeFileSync(process.env.COUNTING_REPORT, JSON.stringify(report));
  }
}

function describeTest(module, test) {
  const { state, note, errors } = test.result();
  const isFlaky = test.diagnostic()?.flaky ?? false;
  const firstError = isFlaky ? errors?.[0]?.message : undefined;
  return { file: module.relativeModuleId, name: test.fullName, state, note, isFlaky, firstError };
}
