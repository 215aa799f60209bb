import { onMessage } from '../context.ts';
import { keepVariables } from './configuration-store.ts';

/** B07, B08: one part of a report. */
export const notifyReport = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'NotifyReport',
  async ({ networkId, request }, context) => {
    const { reportData = [], requestId, tbc = false } = request;
    const values = reportData.flatMap(({ component, variable, variableAttribute, variableCharacteristics }) =>
      (variableAttribute ?? []).map(({ type, value, mutability }) => ({
        component,
        variable,
        ...(type === undefined ? {} : { attribute: type }),
        ...(value === undefined ? {} : { value }),
        ...(mutability === undefined ? {} : { mutability }),
        ...(variableCharacteristics === undefined ? {} : { characteristics: variableCharacteristics }),
      })),
    );
    await keepVariables(networkId, values, 'read', context);
    if (!tbc) context.afterCommit(() => context.signals.reportComplete(networkId, requestId));
  },
);
