#!/usr/bin/env node
// In JavaScript, so that a Node.js that is too old says so in words and not by a stack.
import module from 'node:module';

/** Node.js runs TypeScript by itself from here on. */
const oldest = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) {
  // What was compiled once is kept: every call but the first is faster.
  module.enableCompileCache?.();
  await import('./main.ts');
} else {
  process.stderr.write(
    `ocpp-csms needs Node.js ${oldest.join('.')} or newer, and this is ${process.versions.node}. Install Node.js 24: https://nodejs.org\n`,
  );
  process.exitCode = 2;
}
