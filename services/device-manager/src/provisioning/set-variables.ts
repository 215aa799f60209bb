import { onAnswer } from '../context.ts';
import { keepVariables, type VariableValue } from './configuration-store.ts';
import { variableName } from './setting-name.ts';

/** B05. The results need not come in the order of the request (B05.FR.02). */
export const setVariables = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'SetVariables',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const asked = new Map(request.setVariableData.map((item) => [nameOf(item), item.attributeValue]));
    const taken: VariableValue[] = [];
    for (const result of outcome.response.setVariableResult) {
      const value = asked.get(nameOf(result));
      if (value === undefined || (result.attributeStatus !== 'Accepted' && result.attributeStatus !== 'RebootRequired'))
        continue;
      taken.push({
        component: result.component,
        variable: result.variable,
        attribute: result.attributeType ?? 'Actual',
        value,
      });
    }
    await keepVariables(networkId, taken, 'written', context);
  },
);

function nameOf({
  component,
  variable,
  attributeType,
}: Pick<VariableValue, 'component' | 'variable'> & { attributeType?: string }): string {
  return variableName({ component, variable, attribute: attributeType ?? 'Actual' });
}
