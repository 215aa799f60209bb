import { expect, test } from 'vitest';
import { apiFilters, toggleState } from './filters.ts';

test.each([
  [{}, {}],
  [
    { q: 'abb', tag: 'yard', firmware: '1.2' },
    { q: 'abb', tag: 'yard', firmwareVersion: '1.2' },
  ],
  [{ state: ['suspended', 'faulted'] }, { connected: true, status: ['SuspendedEV', 'SuspendedEVSE', 'Faulted'] }],
  [{ state: ['online'] }, { connected: true }],
  [{ state: ['offline'] }, { connected: false }],
  [{ protocol: 'ocpp2.1' }, { protocol: 'ocpp2.1' }],
  [{ protocol: 'ocpp9' }, {}],
])('%j asks for %j', (filters, asked) => {
  expect(apiFilters(filters)).toEqual(asked);
});

test('offline and the states of connectors exclude each other', () => {
  expect(toggleState(['faulted'], 'charging')).toEqual(['faulted', 'charging']);
  expect(toggleState(['faulted', 'charging'], 'faulted')).toEqual(['charging']);
  expect(toggleState(['faulted'], 'offline')).toEqual(['offline']);
  expect(toggleState(['offline'], 'faulted')).toEqual(['faulted']);
});
