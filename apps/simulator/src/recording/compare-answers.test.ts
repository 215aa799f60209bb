import { expect, test } from 'vitest';
import { compareAnswers, differenceText } from './compare-answers.ts';

const result = (payload: object) => ({ result: { ...payload } });
const error = (code: string) => ({ error: { code, description: '' } });

test('what each CSMS has of its own is no difference', () => {
  const pairs = [
    [
      { status: 'Accepted', currentTime: '2026-01-01T00:00:00Z', interval: 300 },
      { status: 'Accepted', currentTime: '2027-01-01T00:00:00Z', interval: 60 },
    ],
    [
      { transactionId: 7, idTagInfo: { status: 'Accepted', expiryDate: '2026-01-01T00:00:00Z' } },
      { transactionId: 8, idTagInfo: { status: 'Accepted' } },
    ],
    [{ idTokenInfo: { status: 'Accepted' } }, { idTokenInfo: { status: 'Accepted', cacheExpiryDateTime: '2027' } }],
    [
      { status: 'Accepted', data: '***' },
      { status: 'Accepted', data: 'secret' },
    ],
  ] as const;
  for (const [recorded, now] of pairs) expect(compareAnswers(result(recorded), result(now))).toEqual([]);
  expect(compareAnswers(error('FormationViolation'), error('FormatViolation'))).toEqual([]);
});

test('what the charge point acts by is', () => {
  const accepted = { idTagInfo: { status: 'Accepted' } };
  expect(compareAnswers(result(accepted), result({ idTagInfo: { status: 'Blocked' } }))).toEqual([
    { path: '/idTagInfo/status', recorded: 'Accepted', now: 'Blocked' },
  ]);
  expect(compareAnswers(result(accepted), result({}))).toEqual([
    { path: '/idTagInfo', recorded: accepted.idTagInfo, now: undefined },
  ]);
  expect(compareAnswers(result({}), result({ transactionId: 1 }))).toMatchObject([{ path: '/transactionId', now: 1 }]);
  expect(compareAnswers(result({ list: [1, 2] }), result({ list: [1] }))).toMatchObject([{ path: '/list/1' }]);
});

test('so is another kind of answer, and none', () => {
  const [refused] = compareAnswers(result({}), error('InternalError'));
  expect(refused && differenceText(refused)).toBe('recorded CALLRESULT, now CALLERROR InternalError');
  expect(compareAnswers(error('NotSupported'), error('NotImplemented'))).toHaveLength(1);
  const [missing] = compareAnswers(result({}), undefined, 'no answer within 30 s');
  expect(missing && differenceText(missing)).toBe('recorded CALLRESULT, now no answer within 30 s');
});
