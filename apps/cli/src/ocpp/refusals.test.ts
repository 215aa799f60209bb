import { expect, test } from 'vitest';
import { refusalsIn } from './refusals.ts';

test.each([
  [{ status: 'Accepted' }],
  [{ status: 'Scheduled' }],
  [{ status: 'RebootRequired' }],
  [{ status: 'Unlocked' }],
  [{}],
  [{ listVersion: 3 }],
  [{ configurationKey: [{ key: 'a', readonly: true, value: '1' }], unknownKey: ['b'] }],
  [{ setVariableResult: [{ attributeStatus: 'Accepted' }, { attributeStatus: 'RebootRequired' }] }],
  [undefined],
])('%j is a yes', (response) => {
  expect(refusalsIn(response)).toEqual([]);
});

test.each([
  [{ status: 'Rejected' }, ['Rejected']],
  [{ status: 'UnlockFailed' }, ['UnlockFailed']],
  [{ status: 'NotSupported' }, ['NotSupported']],
  [
    { setVariableResult: [{ attributeStatus: 'Accepted' }, { attributeStatus: 'UnknownVariable' }] },
    ['UnknownVariable'],
  ],
])('%j is a no', (response, words) => {
  expect(refusalsIn(response)).toEqual(words);
});
