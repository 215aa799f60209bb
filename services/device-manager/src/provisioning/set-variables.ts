import { onAnswer } from '../context.ts';
import { keepVariables, sourceAfter, type VariableValue } from './configuration-store.ts';
import { variableName } from './setting-name.ts';

/** B05. The results need not come in the order of the request (B05.FR.02). */
export const setVariables = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'SetVariables',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const asked = new Map(request.setVariableData.map((item) => [nameOf(item), item.attributeValue]));
    const taken: Record<'written' | 'written-reboot', VariableValue[]> = { written: [], 'written-reboot': [] };
    for (const result of outcome.response.setVariableResult) {
      const value = asked.get(nameOf(result));
      const source = sourceAfter(result.attributeStatus);
      if (value === undefined || source === undefined) continue;
      taken[source].push({
        component: result.component,
        variable: result.variable,
        attribute: result.attributeType ?? 'Actual',
        value,
      });
    }
    for (const source of ['written', 'written-reboot'] as const)
      await keepVariables(networkId, taken[source], source, context);
  },
);

function nameOf({
  component,
  variable,
  attributeType,
}: Pick<VariableValue, 'component' | 'variable'> & { attributeType?: string }): string {
  return variableName({ component, variable, attribute: attributeType ?? 'Actual' });
}
