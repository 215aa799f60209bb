import { onAnswer } from '../context.ts';
import { keepKeys } from './configuration-store.ts';

/** 1.6 §5.3. RebootRequired: taken, and in effect after a reboot. */
export const changeConfiguration = onAnswer(
  ['ocpp1.6'],
  'ChangeConfiguration',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok || (outcome.response.status !== 'Accepted' && outcome.response.status !== 'RebootRequired')) return;
    await keepKeys(networkId, [{ key: request.key, value: request.value }], 'written', context);
  },
);
