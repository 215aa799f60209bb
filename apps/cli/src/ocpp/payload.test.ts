import { requestSchema } from '@ocpp-csms/ocpp';
import { describe, expect, test } from 'vitest';
import { payloadFromJson, payloadFromPairs } from './payload.ts';
import { payloadSchema } from './payload-schema.ts';

async function schemaOf(version: 'ocpp1.6' | 'ocpp2.0.1', action: string) {
  const schema = await requestSchema(version, action);
  return schema && payloadSchema(schema);
}

describe('key=value', () => {
  test('a card number stays a text, a connector becomes a number', async () => {
    const schema = await schemaOf('ocpp1.6', 'RemoteStartTransaction');
    expect(payloadFromPairs(['connectorId=1', 'idTag=0123456789'], schema)).toEqual({
      connectorId: 1,
      idTag: '0123456789',
    });
  });

  test('members of members, and items of lists', async () => {
    expect(
      payloadFromPairs(
        ['idToken.idToken=1234', 'idToken.type=ISO14443', 'remoteStartId=7'],
        await schemaOf('ocpp2.0.1', 'RequestStartTransaction'),
      ),
    ).toEqual({ idToken: { idToken: '1234', type: 'ISO14443' }, remoteStartId: 7 });
    expect(
      payloadFromPairs(
        [
          'setVariableData[0].attributeValue=30',
          'setVariableData[0].component.name=OCPPCommCtrlr',
          'setVariableData[0].component.evse.id=1',
          'setVariableData[1].attributeValue=true',
        ],
        await schemaOf('ocpp2.0.1', 'SetVariables'),
      ),
    ).toEqual({
      setVariableData: [
        { attributeValue: '30', component: { name: 'OCPPCommCtrlr', evse: { id: 1 } } },
        { attributeValue: 'true' },
      ],
    });
  });

  test('a list takes one value after the other, or JSON', async () => {
    const schema = await schemaOf('ocpp1.6', 'GetConfiguration');
    expect(payloadFromPairs(['key=HeartbeatInterval', 'key=1'], schema)).toEqual({ key: ['HeartbeatInterval', '1'] });
    expect(payloadFromPairs(['key=["a"]'], schema)).toEqual({ key: ['a'] });
  });

  test('without a schema, JSON is JSON and the rest is text', () => {
    expect(payloadFromPairs(['a=1', 'b=x', 'c=true', 'd:="1"', 'e=null', 'f='], undefined)).toEqual({
      a: 1,
      b: 'x',
      c: true,
      d: '1',
      e: null,
      f: '',
    });
  });

  test('what does not fit goes as it is, for the CSMS to say so', async () => {
    const schema = await schemaOf('ocpp1.6', 'RemoteStartTransaction');
    expect(payloadFromPairs(['connectorId=one'], schema)).toEqual({ connectorId: 'one' });
  });

  test.each([
    [['connectorId'], 'neither JSON nor of the form key=value'],
    [['a=1', 'a.b=2'], 'contradicts'],
    [['a[1]=2'], 'begin with the first of the list, which is [0]'],
    [['a.__proto__.x=1'], 'does not name a member'],
    [['a..b=1'], 'does not name a member'],
    [['a:={'], 'This is not JSON'],
  ])('%j is refused in words', (words, reason) => {
    expect(() => payloadFromPairs(words, undefined)).toThrow(reason);
  });
});

test('JSON as a whole must be an object', () => {
  expect(payloadFromJson('{"type":"Soft"}')).toEqual({ type: 'Soft' });
  expect(() => payloadFromJson('[]')).toThrow('must be a JSON object');
});
