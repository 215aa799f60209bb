import { onAnswer } from '../context.ts';
import { keepVariables } from './configuration-store.ts';

/** B06 */
export const getVariables = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'GetVariables',
  async ({ networkId, outcome }, context) => {
    if (!outcome.ok) return;
    const values = outcome.response.getVariableResult
      .filter(({ attributeStatus }) => attributeStatus === 'Accepted')
      .map(({ component, variable, attributeType, attributeValue }) => ({
        component,
        variable,
        ...(attributeType === undefined ? {} : { attribute: attributeType }),
        ...(attributeValue === undefined ? {} : { value: attributeValue }),
      }));
    await keepVariables(networkId, values, 'read', context);
  },
);
