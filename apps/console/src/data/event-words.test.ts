import { expect, test } from 'vitest';
import { wordsOf } from './event-words.ts';

test.each([
  ['StatusChanged', { evseId: 2, connectorId: 1, status: 'Faulted' }, 'connector 2 is faulted'],
  ['TransactionStarted', { idToken: 'TAG' }, 'began to charge: TAG'],
  ['TransactionEnded', { energyWh: 12_340 }, 'ended the charge: 12.34 kWh'],
  ['TransactionEnded', {}, 'ended the charge'],
  [
    'ConnectionRefused',
    { reason: 'no-credentials', words: 'It came without a password.' },
    'was refused: It came without a password.',
  ],
  ['SomethingNew', {}, undefined],
  ['constructor', {}, undefined],
])('%s %j', (event, data, words) => expect(wordsOf({ event, data })).toBe(words));
