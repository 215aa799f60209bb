import { actionsOf, type JsonObject, loadValidator, type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import { describe, expect, test } from 'vitest';
import type { Plan } from './plan.ts';
import { plans } from './plans.ts';

const now = '2026-01-02T03:04:05.678Z';

const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };

/** Requests whose neutral answer depends on them. */
const requests: Record<string, JsonObject> = {
  GetCertificateChainStatus: {
    certificateStatusRequests: [{ source: 'OCSP', urls: ['https://ocsp'], certificateHashData: hash }],
  },
  VatNumberValidation: { vatNumber: 'NL0000000000000000001' },
};

function answersOf(plan: Plan, action: string): (object | undefined)[] {
  switch (plan.kind) {
    case 'edge':
      return (['Accepted', 'Pending', 'Rejected'] as const).map((registration) =>
        plan.answer({ now, registration, heartbeatIntervalSeconds: 300 }),
      );
    case 'neutral':
      return [plan.answer(requests[action] ?? {}, now)];
    case 'decision':
      return [plan.neutral(requests[action] ?? {}, now)];
  }
}

describe.each(ocppVersions)('%s', (version: OcppVersion) => {
  const fromChargePoint = actionsOf(version)
    .filter(({ from, kind }) => from !== 'csms' && kind === 'call')
    .map(({ action }) => action);

  test('every CALL of a charge point has one plan, and nothing else has', () => {
    expect([...plans[version].keys()].sort()).toEqual([...fromChargePoint].sort());
  });

  test.each(fromChargePoint)('what csms-server itself answers to %s is strictly valid', async (action) => {
    const plan = plans[version].get(action);
    const validator = await loadValidator(version);
    const answers = plan === undefined ? [] : answersOf(plan, action);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) {
      if (answer !== undefined) expect(validator.checkResponse(action, answer)).toEqual([]);
    }
  });
});

test('no answer is invented to StartTransaction, Authorize and a TransactionEvent with an id token', () => {
  const neutral = (version: OcppVersion, action: string, request: Record<string, unknown>) => {
    const plan = plans[version].get(action);
    return plan?.kind === 'decision' ? plan.neutral(request, now) : 'not a decision';
  };
  const idToken = { idToken: 'A', type: 'ISO14443' };
  expect(neutral('ocpp1.6', 'StartTransaction', {})).toBeUndefined();
  expect(neutral('ocpp1.6', 'Authorize', {})).toBeUndefined();
  expect(neutral('ocpp2.0.1', 'Authorize', {})).toBeUndefined();
  expect(neutral('ocpp2.1', 'TransactionEvent', { idToken })).toBeUndefined();
  expect(neutral('ocpp2.1', 'TransactionEvent', {})).toEqual({});
  expect(neutral('ocpp1.6', 'StopTransaction', {})).toEqual({});
});
