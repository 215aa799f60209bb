import { expect, test } from 'vitest';
import { inShell } from './hints.ts';

test.each(["CP'; rm -rf ~ #", '$(id)', '!!', '`id`', '*', '\ud800'])(
  'a charge point that calls itself %j puts nothing into the shell of the operator',
  (networkId) => {
    expect(inShell(networkId)).toMatch(/^[\w%.-]+$/);
    expect(decodeURIComponent(inShell(networkId))).toBe(networkId.toWellFormed());
  },
);
