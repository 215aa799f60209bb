import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { asCli, asCurl } from './same-as.ts';

const text = { origin: 'http://localhost:8080', action: 'DataTransfer', payload: { data: `it's "so"; $(date)` } };

/** What a shell would give to the program. */
const argumentsOf = (command: string) =>
  execFileSync('sh', ['-c', `set -- ${command}; printf '%s\\n' "$@"`], {
    encoding: 'utf8',
    env: { CSMS_KEY: 'k' },
  }).split('\n');

test('curl gets the payload as it is, and the key from the environment', () => {
  const one = argumentsOf(asCurl({ ...text, chargePoints: ['CP 1'] }));
  expect(one).toContain('http://localhost:8080/device-manager/charge-points/CP%201/commands/DataTransfer');
  expect(one).toContain('Authorization: Bearer k');
  expect(one).toContain(JSON.stringify(text.payload));
  const many = argumentsOf(asCurl({ ...text, chargePoints: ['A', 'B'] }));
  expect(many).toContain(JSON.stringify({ chargePoints: ['A', 'B'], action: text.action, payload: text.payload }));
});

test('the program of this project gets it as well', () => {
  expect(argumentsOf(asCli({ ...text, chargePoints: ['CP 1', 'CP2'] })).slice(0, 5)).toEqual([
    'ocpp-csms',
    'command',
    'CP 1,CP2',
    'DataTransfer',
    JSON.stringify(text.payload),
  ]);
});
