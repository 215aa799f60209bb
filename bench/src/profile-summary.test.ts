import { expect, test } from 'vitest';
import { topSelfTimes } from './profile-summary.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

test('functions are told by where they are, and time without work does not count', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('parse', 'file:///work/packages/ocpp/src/frame.ts', 9) },
      { id: 3, callFrame: frame('writev') },
      { id: 4, callFrame: frame('parse', 'file:///work/packages/ocpp/src/frame.ts', 9) },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [1000, 10, 20, 50],
  };
  expect(topSelfTimes(profile, 2)).toEqual([
    { name: 'parse ocpp/src/frame.ts:10', share: 0.75 },
    { name: 'writev', share: 0.25 },
  ]);
});
