import { describe, expect, test } from 'vitest';
import { answerWords } from './answer-words.ts';
import { commandsFor } from './commands-for.ts';
import { quickActions, startContent, stopContent, unlockContent } from './quick-actions.ts';

describe('what is sent', () => {
  test.each([
    ['ocpp1.6', { action: 'RemoteStartTransaction', payload: { connectorId: 2, idTag: 'T' } }],
    [
      'ocpp2.1',
      {
        action: 'RequestStartTransaction',
        payload: { remoteStartId: 7, evseId: 1, idToken: { idToken: 'T', type: 'Central' } },
      },
    ],
  ] as const)('a start, %s', (version, content) => {
    expect(startContent(version, { idToken: 'T', evseId: 1, connectorId: 2, remoteStartId: 7 })).toEqual(content);
  });

  test('a stop names the transaction as the version does', () => {
    expect(stopContent('ocpp1.6', '42').payload).toEqual({ transactionId: 42 });
    expect(stopContent('ocpp2.0.1', 'abc').payload).toEqual({ transactionId: 'abc' });
  });

  test('an EVSE whose number is not known has that of its connector', () => {
    expect(unlockContent('ocpp2.0.1', { connectorId: 2 }).payload).toEqual({ evseId: 2, connectorId: 2 });
    expect(unlockContent('ocpp1.6', { connectorId: 2 }).payload).toEqual({ connectorId: 2 });
  });

  test('what changes something says what follows from it, but for what is harmless', () => {
    const harmless = quickActions.filter(({ consequence }) => consequence === undefined).map(({ id }) => id);
    expect(harmless).toEqual(['ask-status', 'into-service']);
  });
});

test.each([
  [
    { status: 'answered', response: { status: 'Accepted' } },
    { word: 'Accepted', isGood: true },
  ],
  [
    { status: 'answered', response: { status: 'Rejected' } },
    { word: 'Rejected', isGood: false },
  ],
  [
    { status: 'answered', response: { configurationKey: [] } },
    { word: 'answered', isGood: true },
  ],
  [{ status: 'queued' }, { word: 'waits', isGood: true }],
  [
    { status: 'rejected', error: { code: 'NotSupported', description: 'no' } },
    { word: 'refused', isGood: false, detail: 'NotSupported: no' },
  ],
] as const)('%j', (result, words) => {
  expect(answerWords(result)).toEqual(words);
});

test('a command for many is one request for each content, and for each thousand', () => {
  const targets = [
    ...Array.from({ length: 1500 }, (_, index) => ({
      networkId: `A${index}`,
      connection: { protocol: 'ocpp1.6' as const },
    })),
    { networkId: 'B', connection: { protocol: 'ocpp2.1' as const } },
    { networkId: 'C', connection: { lastProtocol: 'ocpp2.0.1' } },
  ].map(({ networkId, connection }) => ({
    networkId,
    connection: { connected: true, lastSeenAt: null, lastProtocol: null, ...connection },
  }));
  const reset = quickActions.find(({ id }) => id === 'reset-hard');
  const commands = reset ? commandsFor(reset, targets) : [];
  expect(commands.map(({ payload, chargePoints }) => [payload, chargePoints.length])).toEqual([
    [{ type: 'Hard' }, 1000],
    [{ type: 'Hard' }, 500],
    [{ type: 'Immediate' }, 2],
  ]);
});
