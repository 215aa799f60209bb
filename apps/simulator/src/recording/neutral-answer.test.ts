import { actionsOf, loadValidator, ocppVersions } from '@ocpp-csms/ocpp';
import { expect, test } from 'vitest';
import { createNeutralAnswers } from './neutral-answer.ts';

test.each(ocppVersions)('%s: every CALL of a CSMS gets a valid answer', async (version) => {
  const { checkResponse } = await loadValidator(version);
  const neutral = await createNeutralAnswers(version);
  for (const { action, from, kind } of actionsOf(version)) {
    if (from === 'charge-point' || kind === 'send') continue;
    expect(checkResponse(action, neutral(action, {})), action).toEqual([]);
  }
  expect(neutral('NoSuchAction', {})).toBeUndefined();
});

test('it promises nothing, and says of each variable which one it means', async () => {
  expect((await createNeutralAnswers('ocpp1.6'))('ChangeAvailability', {})).toEqual({ status: 'Rejected' });
  const neutral = await createNeutralAnswers('ocpp2.0.1');
  const [first, second] = ['A', 'B'].map((name) => ({ component: { name }, variable: { name } }));
  expect(neutral('GetVariables', { getVariableData: [first, second] })).toEqual({
    getVariableResult: [
      { attributeStatus: 'Rejected', ...first },
      { attributeStatus: 'Rejected', ...second },
    ],
  });
});
