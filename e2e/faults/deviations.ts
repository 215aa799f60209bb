import { randomUUID } from 'node:crypto';
import { CallError, type TestChargePoint } from '@ocpp-csms/testing';
import { type LedgerEntry, newToken, type Page, register } from '../src/registry.ts';
import { shapes } from '../src/shapes.ts';
import { joined, now, say, startTransaction, stopTransaction } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { compare } from './scene.ts';
import { withCsms } from './victim.ts';

/** What a frame must bring about; the connection stays in all cases. */
type Expectation =
  /** A CALLRESULT: it was understood in spite of all. */
  | 'answered'
  /** A CALLERROR that is no InternalError. */
  | 'refused'
  /** Nobody waits for what may come of it; the next CALL is answered. */
  | 'ignored';

interface Deviation {
  what: string;
  /** JSON of the payload, or the whole frame. */
  call?: [action: string, payload: string];
  frame?: string;
  expect: Expectation;
}

/** 1.6. `$TX` stands for the transaction under way, `$NOW` for the time, `$ID` for a message id. */
const deviations16: Deviation[] = [
  ...framing(),
  ...answersToNothing(),
  ...calls('answered', 'BootNotification', [
    ['no vendor', '{"chargePointModel":"M"}'],
    ['an empty vendor', '{"chargePointVendor":"","chargePointModel":""}'],
    ['nothing at all', '{}'],
    ['a model of 60 characters', `{"chargePointVendor":"V","chargePointModel":"${'M'.repeat(60)}"}`],
    [
      'a number for a serial number',
      '{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":12345}',
    ],
    ['null for an optional field', '{"chargePointVendor":"V","chargePointModel":"M","iccid":null}'],
    ['a field that OCPP does not have', '{"chargePointVendor":"V","chargePointModel":"M","uptime":12}'],
    ['one field twice', '{"chargePointVendor":"V","chargePointVendor":"W","chargePointModel":"M"}'],
  ]),
  ...calls('answered', 'Heartbeat', [
    ['a field', '{"currentTime":"$NOW"}'],
    ['null as payload', 'null'],
    ['an empty list as payload', '[]'],
  ]),
  ...calls('answered', 'StatusNotification', [
    [
      'info of 80 characters',
      `{"connectorId":1,"errorCode":"NoError","status":"Available","info":"${'i'.repeat(80)}"}`,
    ],
    ['an unknown errorCode', '{"connectorId":1,"errorCode":"Error","status":"Available"}'],
    ['an unknown status', '{"connectorId":1,"errorCode":"NoError","status":"Sleeping"}'],
    ['status in lower case', '{"connectorId":1,"errorCode":"NoError","status":"available"}'],
    ['the connector as a string', '{"connectorId":"1","errorCode":"NoError","status":"Available"}'],
    ['a connector that is absurd', '{"connectorId":1634030126,"errorCode":"NoError","status":"Available"}'],
    ['no errorCode', '{"connectorId":1,"status":"Available"}'],
    [
      'a timestamp without a zone',
      '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-01-01T00:00:00"}',
    ],
    [
      'a timestamp of 1970',
      '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"1970-01-01T00:00:00Z"}',
    ],
    [
      'a timestamp that is a number',
      '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":1000000}',
    ],
    [
      'the year 222222017',
      '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"222222017-01-01T00:00:00Z"}',
    ],
    ['an empty timestamp', '{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":""}'],
  ]),
  ...calls('answered', 'MeterValues', [
    ['an unknown transaction', sample('{"value":"1001"}', 987654)],
    ['a transaction of 0', sample('{"value":"1001"}', 0)],
    ['a transaction of -1', sample('{"value":"1001"}', -1)],
    ['a value that is a number', sample('{"value":1001}')],
    ['a value with a comma', sample('{"value":"1001,5"}')],
    ['an empty value', sample('{"value":""}')],
    ['no value', sample('{"measurand":"Voltage"}')],
    ['the unit Hz', sample('{"value":"50","unit":"Hz","measurand":"Frequency"}')],
    ['the context Request.Energy', sample('{"value":"1001","context":"Request.Energy"}')],
    ['an unknown measurand', sample('{"value":"1001","measurand":"Energy"}')],
    ['the unit Wh for power', sample('{"value":"1001","unit":"Wh","measurand":"Power.Active.Import"}')],
    ['Celcius', sample('{"value":"20","unit":"Celcius","measurand":"Temperature"}')],
    ['one good sample among bad ones', sample('{},{"value":"1002"},null,7')],
    ['no samples', sample('')],
    ['no meter values', '{"connectorId":1,"transactionId":$TX,"meterValue":[]}'],
    [
      'meter values that are no list',
      '{"connectorId":1,"transactionId":$TX,"meterValue":{"timestamp":"$NOW","sampledValue":[{"value":"1001"}]}}',
    ],
    ['connector 0', '{"connectorId":0,"meterValue":[{"timestamp":"$NOW","sampledValue":[{"value":"1001"}]}]}'],
    ['a meter that runs backwards', sample('{"value":"-4076000"}', 987655)],
  ]),
  ...calls('answered', 'StartTransaction', [
    ['a tag of 21 characters', `{"connectorId":2,"idTag":"${'T'.repeat(21)}","meterStart":0,"timestamp":"$NOW"}`],
    ['an unknown tag', '{"connectorId":3,"idTag":"NOBODY","meterStart":0,"timestamp":"$NOW"}'],
    ['an empty tag', '{"connectorId":4,"idTag":"","meterStart":0,"timestamp":"$NOW"}'],
    ['no meter', '{"connectorId":5,"idTag":"NOBODY","timestamp":"$NOW"}'],
    ['a meter with decimals', '{"connectorId":6,"idTag":"NOBODY","meterStart":10.5,"timestamp":"$NOW"}'],
    ['a meter as a string', '{"connectorId":7,"idTag":"NOBODY","meterStart":"10","timestamp":"$NOW"}'],
    ['no timestamp', '{"connectorId":8,"idTag":"NOBODY","meterStart":10}'],
    ['local time', '{"connectorId":9,"idTag":"NOBODY","meterStart":10,"timestamp":"2026-01-01 00:00:00"}'],
  ]),
  ...calls('answered', 'StopTransaction', [
    ['an unknown transaction', '{"transactionId":4711,"meterStop":10,"timestamp":"$NOW"}'],
    ['a transaction of 0', '{"transactionId":0,"meterStop":10,"timestamp":"$NOW"}'],
    ['a transaction of -1', '{"transactionId":-1,"meterStop":10,"timestamp":"$NOW"}'],
    ['a tag of 21 characters', `{"transactionId":4712,"idTag":"${'T'.repeat(21)}","meterStop":10,"timestamp":"$NOW"}`],
    ['an unknown reason', '{"transactionId":4713,"meterStop":10,"timestamp":"$NOW","reason":"Bored"}'],
    [
      'transactionData with an empty list',
      '{"transactionId":4714,"meterStop":10,"timestamp":"$NOW","transactionData":[{"timestamp":"$NOW","sampledValue":[]}]}',
    ],
    ['no meter', '{"transactionId":4715,"timestamp":"$NOW"}'],
  ]),
  ...calls('answered', 'Authorize', [
    ['a tag of 30 characters', `{"idTag":"${'T'.repeat(30)}"}`],
    ['a tag that is a number', '{"idTag":1234}'],
  ]),
  ...calls('answered', 'DataTransfer', [
    ['an unknown vendor', '{"vendorId":"nobody"}'],
    ['data that is an object', '{"vendorId":"nobody","data":{"a":[1,2,3]}}'],
  ]),
  ...calls('answered', 'FirmwareStatusNotification', [['an unknown status', '{"status":"Thinking"}']]),
  ...calls('answered', 'DiagnosticsStatusNotification', [['an unknown status', '{"status":"Thinking"}']]),
  ...calls('answered', 'SecurityEventNotification', [['an unknown type', '{"type":"Weird","timestamp":"$NOW"}']]),
  ...calls('refused', 'Heartbeats', [['an action that OCPP does not have', '{}']]),
  ...calls('refused', 'heartbeat', [['an action in lower case', '{}']]),
  ...calls('refused', 'RemoteStartTransaction', [['an action that is not for charge points', '{"idTag":"T"}']]),
  ...calls('refused', '__proto__', [['an action that is a trap', '{}']]),
  ...calls('refused', 'x'.repeat(5000), [['an action of 5,000 characters', '{}']]),
];

export const deviations: Fault = {
  name: 'deviations',
  does: `A charge point sends ${deviations16.length} frames that break the specification as charge points in the field do, in the middle of a transaction.`,
  holdsWhen:
    'what can be understood is answered, what can not is refused or ignored, the connection stays through all of them, and the transaction has its Wh',
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const { networkId } = await register(csms);
      const chargePoint = await joined({ url: csms.wsUrl, networkId });
      const idTag = await newToken(csms);
      const transactionId = await startTransaction(chargePoint, idTag, 1000);
      const problems: string[] = [];
      for (const deviation of deviations16) {
        const problem = await deviate(chargePoint, deviation, transactionId);
        if (problem !== undefined) problems.push(`${deviation.call?.[0] ?? 'frame'}, ${deviation.what}: ${problem}`);
      }
      await stopTransaction(chargePoint, transactionId, 6000);
      await chargePoint.close();
      // Those that it was told to start by bad frames are in the ledger as well: only its honest one is compared.
      const seen = { networkId, answered: chargePoint.answered, transactions: [] };
      const { problems: lost } = await compare(run, csms, [seen], (words) => !words.includes('which nobody had'));
      const { items } = await csms.api.get<Page<LedgerEntry>>(
        `/session/transactions?chargePointId=${networkId}&limit=100`,
      );
      const honest = items.find((item) => String(item.transactionId) === String(transactionId));
      if (honest?.energyWh !== 5000) problems.push(`the transaction has ${honest?.energyWh} Wh instead of 5000`);
      problems.push(...lost);
      return { problems, figures: [`${deviations16.length} frames`] };
    }),
};

async function deviate(
  chargePoint: TestChargePoint<'ocpp1.6'>,
  { call, frame, expect }: Deviation,
  transactionId: number,
): Promise<string | undefined> {
  const filled = (text: string) =>
    text.replaceAll('$TX', String(transactionId)).replaceAll('$NOW', now()).replaceAll('$ID', randomUUID());
  try {
    if (frame !== undefined) chargePoint.sendRaw(filled(frame));
    const got = call === undefined ? 'ignored' : await reactionTo(chargePoint, call[0], filled(call[1]));
    await say(chargePoint, 'Heartbeat', {});
    return got === expect ? undefined : `expected ${expect}, was ${got}`;
  } catch (error) {
    return String(error);
  }
}

async function reactionTo(chargePoint: TestChargePoint<'ocpp1.6'>, action: string, payload: string): Promise<string> {
  try {
    await chargePoint.callText(randomUUID(), action, payload);
    return 'answered';
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return error.code === 'InternalError' ? `InternalError ${error.description}` : 'refused';
  }
}

function calls(expect: Expectation, action: string, payloads: [what: string, payload: string][]): Deviation[] {
  return payloads.map(([what, payload]) => ({ what, call: [action, payload], expect }));
}

function sample(sampledValues: string, transactionId: number | '$TX' = '$TX'): string {
  return `{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"$NOW","sampledValue":[${sampledValues}]}]}`;
}

/** Frames of which no CALL can be made. */
function framing(): Deviation[] {
  return [
    ['message type 0', '[0]'],
    ['message type 1', '[1,"$ID",{}]'],
    ['message type 9', '[9,"$ID","Heartbeat",{}]'],
    ['message type as a string', '["2","$ID","Heartbeat",{}]'],
    ['an empty text', ''],
    ['blanks', '   '],
    ['a bare word', 'ping'],
    ['an object', '{"hello":1}'],
    ['an empty list', '[]'],
    ['a list in a list', '[[2,"$ID","Heartbeat",{}]]'],
    ['half a frame', '[2,"$ID","Heart'],
    ['a comma too many', '[2,"$ID","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]'],
    ['20,000 brackets', '['.repeat(20_000)],
    ['a byte order mark', '\ufeff'],
    ['a CALL without a payload', '[2,"$ID","Heartbeat"]'],
    ['a CALL without an action', '[2,"$ID"]'],
    ['a CALL with an action that is a number', '[2,"$ID",7,{}]'],
    ['a CALL without an id', '[2]'],
    ['a CALL with five elements', '[2,"$ID","Heartbeat",{},{}]'],
    ['a CALL with a number as id', '[2,12345678901234567890,"Heartbeat",{}]'],
    ['a CALL with an id of 100 characters', `[2,"${'i'.repeat(100)}","Heartbeat",{}]`],
    ['a CALL with an empty id', '[2,"","Heartbeat",{}]'],
  ].map(([what = '', frame = '']) => ({ what, frame, expect: 'ignored' }));
}

/** They answer what nobody asked: nothing may come of them. */
function answersToNothing(): Deviation[] {
  return [
    ['a CALLRESULT to nothing', '[3,"$ID",{}]'],
    ['a CALLRESULT without a payload', '[3,"$ID"]'],
    ['a CALLERROR to nothing', '[4,"$ID","GenericError","",{}]'],
    ['a CALLERROR of four elements', '[4,"$ID","FormationViolation",""]'],
    ['a CALLERROR with a code that is none', '[4,"$ID","Oops","",{}]'],
    ['a CALLERROR without anything', '[4,"$ID"]'],
  ].map(([what = '', frame = '']) => ({ what, frame, expect: 'ignored' }));
}
