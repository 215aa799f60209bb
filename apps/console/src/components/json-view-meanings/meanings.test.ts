import { expect, test } from 'vitest';
import { lintOf, meaningsOf } from './meanings.ts';

test('a word is explained as the action means it', () => {
  expect(meaningsOf('StatusNotification').value('status', 'Faulted')).toBe('Out of order.');
  expect(meaningsOf('Authorize').value('status', 'Accepted')).toBe('It may charge.');
  expect(meaningsOf('Reset').value('status', 'Accepted')).toBe('It will be done.');
  expect(meaningsOf('BootNotification').field('interval')).toMatch(/Heartbeats/);
});

test('what a charge point makes up has no meaning', () => {
  const { field, value } = meaningsOf('constructor');
  for (const name of ['constructor', '__proto__', 'toString', '<img src=x>']) {
    expect(field(name)).toBeUndefined();
    expect(value(name, name)).toBeUndefined();
    expect(value('status', name)).toBeUndefined();
  }
});

test('a deviation names the clause of its message in the version that is spoken', () => {
  const said = (protocol: string, direction = 2) => ({ protocol, action: 'StatusNotification', direction });
  expect(lintOf('enum', said('ocpp1.6'))).toEqual({ words: 'none of the allowed values', clause: '1.6 §6.47' });
  expect(lintOf('enum', said('ocpp1.6', 3)).clause).toBe('1.6 §6.48');
  expect(lintOf('missing', said('ocpp2.0.1')).clause).toBe('2.0.1 Part 2, Messages §1.59.1');
  expect(lintOf('missing', said('ocpp2.1')).clause).toBe('2.1 Part 2, Messages §1.83.1');
  expect(lintOf('frame', said('ocpp2.1')).clause).toBe('2.1 Part 4 §4.2');
  expect(lintOf('of-tomorrow', { protocol: 'ocpp1.6', action: 'Unheard', direction: 2 })).toEqual({
    words: 'of-tomorrow',
    clause: undefined,
  });
});
