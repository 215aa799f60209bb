import { type Check, ok, warning } from './check.ts';

const name = 'Node.js';
/** Tested with, and supported until 2028-04. */
const recommended = 24;

export const nodeVersion: Check = {
  name,
  async run() {
    const version = process.versions.node;
    const words = `${version} (${process.platform} ${process.arch})`;
    if (Number.parseInt(version, 10) >= recommended) return ok(name, words);
    return warning(name, words, `It runs; Node.js ${recommended} is what the system is tested with.`);
  },
};
