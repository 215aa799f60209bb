import { onAnswer } from '../context.ts';
import { keepKeys, sourceAfter } from './configuration-store.ts';

/** 1.6 §5.3. RebootRequired: taken, and in effect after a reboot. */
export const changeConfiguration = onAnswer(
  ['ocpp1.6'],
  'ChangeConfiguration',
  async ({ networkId, request, outcome }, context) => {
    const source = outcome.ok ? sourceAfter(outcome.response.status) : undefined;
    if (source === undefined) return;
    await keepKeys(networkId, [{ key: request.key, value: request.value }], source, context);
  },
);
