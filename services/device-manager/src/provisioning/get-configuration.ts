import { onAnswer } from '../context.ts';
import { keepKeys } from './configuration-store.ts';
import { keyName } from './setting-name.ts';

/** 1.6 §5.8. What was asked for all keys and is not in the answer does not exist any more. */
export const getConfiguration = onAnswer(
  ['ocpp1.6'],
  'GetConfiguration',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const { configurationKey = [], unknownKey = [] } = outcome.response;
    const { tx } = context;
    const asksForAll = request.key === undefined || request.key.length === 0;
    if (asksForAll && configurationKey.length > 0) {
      await tx
        .deleteFrom('configuration')
        .where('network_id', '=', networkId)
        .where('key_name', 'is not', null)
        .execute();
    }
    if (unknownKey.length > 0) {
      await tx
        .deleteFrom('configuration')
        .where('network_id', '=', networkId)
        .where('name', 'in', unknownKey.map(keyName))
        .execute();
    }
    const keys = configurationKey.map(({ key, value, readonly }) => ({
      key,
      ...(value === undefined ? {} : { value }),
      readOnly: readonly,
    }));
    await keepKeys(networkId, keys, 'read', context);
  },
);
