import { expect, test } from 'vitest';
import { RecordingError, readRecording } from './read-recording.ts';

const good = `
recording: 1
networkId: CP001
protocol: ocpp1.6
startedAt: 2026-01-02T10:00:00Z
steps:
  - { at: 0, from: charge-point, action: Heartbeat, payload: {} }
  - { at: 2.5, from: csms, action: Reset, payload: { type: Soft }, answer: { error: { code: NotSupported } } }
  - { at: 2.5, from: charge-point, action: Heartbeat, payload: {}, answer: { result: {} }, reconnects: true }
`;

function problemsOf(text: string): readonly string[] {
  try {
    readRecording(text);
  } catch (error) {
    if (error instanceof RecordingError) return error.problems;
    throw error;
  }
  return [];
}

test('a recording written by hand is read', () => {
  expect(readRecording(good)).toMatchObject({
    startedAt: '2026-01-02T10:00:00Z',
    steps: [{}, { answer: { error: { code: 'NotSupported', description: '' } } }, { reconnects: true }],
  });
});

test('everything that is wrong is told at once', () => {
  const bad = good
    .replace('recording: 1', 'recording: 2')
    .replace('networkId: CP001', 'network: CP001')
    .replace('ocpp1.6', 'ocpp1.5')
    .replace('2026-01-02T10:00:00Z', 'yesterday')
    .replace('at: 0,', 'at: 7,')
    .replace('from: csms', 'from: server')
    .replace('{ type: Soft }', 'Soft')
    .replace('{ result: {} }', '{ result: {}, error: { code: X, details: {} } }')
    .replace('reconnects: true', 'reconnects: 1');
  expect(problemsOf(bad).map((problem) => problem.split(':')[0])).toEqual([
    'network',
    'recording',
    'networkId',
    'protocol',
    'startedAt',
    'steps[1].from',
    'steps[1].payload',
    'steps[2].reconnects',
    'steps[2].answer',
    'steps[2].answer.error.details',
    'steps[1].at',
  ]);
});

test.each([
  ['', ['the file: must be a recording (is "empty")']],
  ['steps: []', ['steps: must be a list of at least one step (is [])']],
  ['a: [', ['is not valid YAML: ']],
])('%j is no recording', (text, problems) => {
  for (const problem of problems) expect(problemsOf(text).join('\n')).toContain(problem);
});
