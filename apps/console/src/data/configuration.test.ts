import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { answerToSet, contentToSet, nameOf, placeOf } from './configuration.ts';

const key = { key: 'HeartbeatInterval', value: '300' } as ConfigurationItem;
const variable = {
  component: { name: 'Connector', evse: { id: 2, connectorId: 1 } },
  variable: { name: 'Available' },
  attributeType: 'Target',
  value: 'true',
} as ConfigurationItem;

test('a key of 1.6', () => {
  expect([placeOf(key), nameOf(key)]).toEqual(['', 'HeartbeatInterval']);
  expect(contentToSet(key, '60')).toEqual({
    action: 'ChangeConfiguration',
    payload: { key: 'HeartbeatInterval', value: '60' },
  });
  expect(answerToSet({ status: 'RebootRequired' })).toBe('RebootRequired');
});

test('a variable of 2.x', () => {
  expect([placeOf(variable), nameOf(variable)]).toEqual(['Connector · EVSE 2, connector 1', 'Available Target']);
  expect(contentToSet(variable, 'false')).toEqual({
    action: 'SetVariables',
    payload: {
      setVariableData: [
        {
          attributeType: 'Target',
          attributeValue: 'false',
          component: { name: 'Connector', evse: { id: 2, connectorId: 1 } },
          variable: { name: 'Available' },
        },
      ],
    },
  });
  expect(answerToSet({ setVariableResult: [{ attributeStatus: 'Rejected' }] })).toBe('Rejected');
});
