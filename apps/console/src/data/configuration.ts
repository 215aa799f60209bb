import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CommandContent } from '../commands/quick-actions.ts';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** As last read; nothing is asked of the charge point. */
export function useConfiguration(networkId: string) {
  return useQuery({
    queryKey: keys.configuration(networkId),
    queryFn: ({ signal }) =>
      api.get('/device-manager/charge-points/{id}/configuration', { params: { id: networkId }, signal }),
  });
}

/** Asks the charge point for all of it. */
export function useReadConfiguration(networkId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.get('/device-manager/charge-points/{id}/configuration', {
        params: { id: networkId },
        query: { refresh: true },
      }),
    onSuccess: (configuration) => client.setQueryData(keys.configuration(networkId), configuration),
  });
}

/** Sets one, and looks at what is known of it afterwards. */
export function useSetConfiguration(networkId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, payload }: CommandContent) =>
      api.post('/device-manager/charge-points/{id}/commands/{action}', {
        params: { id: networkId, action },
        body: payload,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.configuration(networkId) }),
  });
}

/** Where a variable of 2.x is; in 1.6 there are keys alone. */
export function placeOf({ key, component }: Pick<ConfigurationItem, 'key' | 'component'>): string {
  if (key !== undefined || component === undefined) return '';
  const { name, instance, evse } = component;
  const at =
    evse === undefined
      ? ''
      : ` · EVSE ${evse.id}${evse.connectorId === undefined ? '' : `, connector ${evse.connectorId}`}`;
  return `${name}${instance === undefined ? '' : ` (${instance})`}${at}`;
}

export function nameOf({
  key,
  variable,
  attributeType,
}: Pick<ConfigurationItem, 'key' | 'variable' | 'attributeType'>): string {
  if (key !== undefined) return key;
  const instance = variable?.instance === undefined ? '' : ` (${variable.instance})`;
  const attribute = attributeType === undefined || attributeType === 'Actual' ? '' : ` ${attributeType}`;
  return `${variable?.name ?? ''}${instance}${attribute}`;
}

/** What is sent to set it, in the version of the item. */
export function contentToSet(item: ConfigurationItem, value: string): CommandContent {
  if (item.key !== undefined) return { action: 'ChangeConfiguration', payload: { key: item.key, value } };
  const { component, variable, attributeType } = item;
  const attribute = attributeType === undefined ? {} : { attributeType };
  return {
    action: 'SetVariables',
    payload: { setVariableData: [{ ...attribute, attributeValue: value, component, variable }] },
  };
}

/** What the charge point made of it: `Accepted`, `RebootRequired`, `Rejected`, …; undefined: it did not say. */
export function answerToSet(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null) return undefined;
  const [result] = (Reflect.get(response, 'setVariableResult') as unknown[] | undefined) ?? [response];
  if (typeof result !== 'object' || result === null) return undefined;
  const status: unknown = Reflect.get(result, 'attributeStatus') ?? Reflect.get(result, 'status');
  return typeof status === 'string' ? status : undefined;
}
