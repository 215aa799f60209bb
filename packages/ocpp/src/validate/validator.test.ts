import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { actionsOf, loadValidator, ocppVersions, requestSchema, responseSchema, type Validator } from '../index.ts';

let v16: Validator;
let v201: Validator;

beforeAll(async () => {
  v16 = await loadValidator('ocpp1.6');
  v201 = await loadValidator('ocpp2.0.1');
});

const timestamp = '2026-01-02T03:04:05Z';

function meterValues(sampledValue: unknown) {
  return { connectorId: 1, transactionId: 7, meterValue: [{ timestamp, sampledValue }] };
}

describe('row 20: text that is too long', () => {
  it('is kept, also in a StopTransaction with an idTag of 21 characters', () => {
    const payload = { transactionId: 1, meterStop: 5, timestamp, idTag: 'x'.repeat(21) };
    expect(v16.readRequest('StopTransaction', payload)).toMatchObject({
      ok: true,
      payload,
      deviations: [{ rule: 'too-long', path: '/idTag', value: 'x'.repeat(21) }],
    });
  });

  it('is measured in characters, not in UTF-16 units', () => {
    const payload = { idTag: '😀'.repeat(20) };
    expect(v16.readRequest('Authorize', payload)).toMatchObject({ ok: true, payload, deviations: [] });
    expect(v16.checkRequest('Authorize', payload)).toEqual([]);
    expect(v16.checkRequest('Authorize', { idTag: '😀'.repeat(21) })).toHaveLength(1);
  });
});

describe('row 21: a BootNotification with an empty or missing vendor', () => {
  it('is accepted', () => {
    expect(v16.readRequest('BootNotification', { chargePointVendor: '', chargePointModel: 'M' }).ok).toBe(true);
    expect(v16.readRequest('BootNotification', { chargePointModel: null })).toMatchObject({
      ok: true,
      payload: {},
      deviations: [
        { rule: 'null', path: '/chargePointModel' },
        { rule: 'missing', path: '/chargePointVendor' },
        { rule: 'missing', path: '/chargePointModel' },
      ],
    });
    expect(v201.readRequest('BootNotification', {})).toMatchObject({ ok: true, payload: { chargingStation: {} } });
  });
});

describe('row 22: an enum of the vendor’s own', () => {
  it('is kept as text', () => {
    const payload = meterValues([{ value: '50', unit: 'Hz', measurand: 'Request.Energy' }]);
    const reading = v16.readRequest('MeterValues', payload);
    expect(reading).toMatchObject({ ok: true, payload, deviations: [{ rule: 'enum' }, { rule: 'enum' }] });
  });

  it('in other letters is the known one', () => {
    const payload = { connectorId: 1, errorCode: 'noerror', status: 'AVAILABLE' };
    expect(v16.readRequest('StatusNotification', payload)).toMatchObject({
      ok: true,
      payload: { connectorId: 1, errorCode: 'NoError', status: 'Available' },
      deviations: [{ rule: 'enum', made: 'taken as NoError', value: 'noerror' }, { rule: 'enum' }],
    });
  });
});

describe('row 23: one bad sampled value drops all', () => {
  it('drops that one alone', () => {
    const reading = v16.readRequest('MeterValues', meterValues([{ value: '1' }, { unit: 'Wh' }, null, { value: 3 }]));
    expect(reading).toMatchObject({
      ok: true,
      payload: meterValues([{ value: '1' }, { value: '3' }]),
      deviations: [
        { rule: 'bad-element', path: '/meterValue/0/sampledValue/1', value: { unit: 'Wh' } },
        { rule: 'bad-element', path: '/meterValue/0/sampledValue/2' },
        { rule: 'type', path: '/meterValue/0/sampledValue/3/value', made: 'number 3 taken as text', value: 3 },
      ],
    });
    expect(reading.deviations[0]?.made).toBe('dropped: meterValue/0/sampledValue/1/value is required');
  });

  it('accepts an empty list', () => {
    const payload = { evseId: 1, meterValue: [{ timestamp, sampledValue: [] }] };
    expect(v201.readRequest('MeterValues', payload)).toMatchObject({
      ok: true,
      payload,
      deviations: [{ rule: 'too-few' }],
    });
  });

  it('gives a list also where there was none', () => {
    expect(v16.readRequest('MeterValues', { connectorId: 1 })).toMatchObject({
      payload: { connectorId: 1, meterValue: [] },
    });
    const single = { connectorId: 1, meterValue: { timestamp, sampledValue: { value: '1' } } };
    expect(v16.readRequest('MeterValues', single)).toMatchObject({
      payload: { meterValue: [{ timestamp, sampledValue: [{ value: '1' }] }] },
    });
  });
});

describe('row 24: extra members and nulls', () => {
  it('are set aside and named', () => {
    const payload = { idTag: 'A', parent: null, note: { a: 1 }, constructor: 1, ['__proto__']: 2 };
    expect(v16.readRequest('Authorize', JSON.parse('{"idTag":"A","note":{"a":1},"__proto__":{"x":1}}'))).toMatchObject({
      ok: true,
      deviations: [
        { rule: 'unknown-member', path: '/note', value: { a: 1 } },
        { rule: 'unknown-member', path: '/__proto__' },
      ],
    });
    const reading = v16.readRequest('Authorize', payload);
    expect(reading.ok && Object.keys(reading.payload)).toEqual(['idTag']);
  });

  it('custom data of 2.x is kept as it is', () => {
    const payload = { customData: { vendorId: 'v', anything: [null, { a: 1 }] } };
    expect(v201.readRequest('Heartbeat', payload)).toEqual({ ok: true, payload, deviations: [] });
  });

  it('a member in other letters is the known one', () => {
    expect(v16.readRequest('Authorize', { idtag: 'A' })).toMatchObject({ ok: true, payload: { idTag: 'A' } });
  });
});

describe('values of another type', () => {
  it('are taken for what they can only mean', () => {
    const payload = { connectorId: '1', idTag: 1234, meterStart: '12.7', timestamp, reservationId: '' };
    expect(v16.readRequest('StartTransaction', payload)).toMatchObject({
      ok: true,
      payload: { connectorId: 1, idTag: '1234', meterStart: 13, timestamp },
      deviations: [{ rule: 'type' }, { rule: 'type' }, { made: '12.7 rounded to 13' }, { path: '/reservationId' }],
    });
  });

  it('are not guessed', () => {
    for (const meterStart of ['12,5', '', '0x10', true, [1], {}, Number.POSITIVE_INFINITY]) {
      const reading = v16.readRequest('StartTransaction', { connectorId: 1, idTag: 'A', meterStart, timestamp });
      expect(reading.ok && reading.payload.meterStart).toBeUndefined();
    }
  });

  it('a numeric id tag that has lost digits is nobody’s', () => {
    expect(v16.readRequest('Authorize', JSON.parse('{"idTag":12345678901234567890}'))).toMatchObject({
      ok: false,
      code: 'TypeConstraintViolation',
    });
  });

  it('a time that is none is left to the handler', () => {
    const payload = { connectorId: 1, idTag: 'A', meterStart: 1, timestamp: '2026-01-02 03:04' };
    expect(v16.readRequest('StartTransaction', payload)).toMatchObject({
      ok: true,
      payload,
      deviations: [{ rule: 'format', path: '/timestamp' }],
    });
  });

  it('NUL and half characters pass unchanged', () => {
    const payload = { vendorId: 'v', data: 'a\u0000b\ud800' };
    expect(v16.readRequest('DataTransfer', payload)).toEqual({ ok: true, payload, deviations: [] });
  });
});

describe('row 45 and others: transaction messages without what they need', () => {
  it('are accepted', () => {
    expect(v16.readRequest('StartTransaction', {})).toMatchObject({ ok: true, payload: {} });
    expect(v16.readRequest('StopTransaction', { meterStop: '5' })).toMatchObject({
      ok: true,
      payload: { meterStop: 5 },
    });
    expect(v16.readRequest('StatusNotification', { status: 'Available' }).ok).toBe(true);
    expect(v201.readRequest('TransactionEvent', { transactionInfo: { transactionId: 'T' } }).ok).toBe(true);
  });

  it('are refused when they mean nothing', () => {
    expect(v16.readRequest('Authorize', {})).toMatchObject({ ok: false, code: 'OccurrenceConstraintViolation' });
    expect(v201.readRequest('TransactionEvent', { eventType: 'Started' })).toMatchObject({
      ok: false,
      description: 'transactionInfo is required',
    });
  });
});

describe('other messages', () => {
  it('are refused for what is missing, in words', () => {
    expect(v201.readRequest('NotifyReport', { requestId: 1 })).toMatchObject({
      ok: false,
      code: 'OccurrenceConstraintViolation',
      description: 'generatedAt is required',
    });
    expect(v201.readResponse('Reset', {})).toMatchObject({ ok: false, description: 'status is required' });
  });

  it('lose an optional part that can not be understood, not more', () => {
    const reading = v201.readResponse('Reset', { status: 'Accepted', statusInfo: { additionalInfo: 'x' } });
    expect(reading).toMatchObject({ ok: true, payload: { status: 'Accepted' }, deviations: [{ path: '/statusInfo' }] });
  });

  it('that are no objects are refused, empty lists aside', () => {
    expect(v16.readRequest('Heartbeat', 'x')).toMatchObject({ ok: false, code: 'FormatViolation' });
    expect(v16.readRequest('Heartbeat', [])).toMatchObject({ ok: true, payload: {} });
    expect(v16.readRequest('Heartbeat', null)).toMatchObject({ ok: true, payload: {} });
  });

  it('of an unknown action are not implemented', () => {
    for (const action of ['Nonsense', 'constructor', '__proto__']) {
      expect(v16.readRequest(action, {})).toMatchObject({ ok: false, code: 'NotImplemented' });
      expect(v16.checkRequest(action, {})).toHaveLength(1);
    }
  });

  it('with a thousand faults name fifty of them', () => {
    const reading = v16.readRequest(
      'Heartbeat',
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, i])),
    );
    expect(reading.deviations).toHaveLength(51);
    expect(reading.deviations.at(-1)?.rule).toBe('more');
  });
});

describe('a deviation in a message with a secret', () => {
  it('does not carry the value', () => {
    const key = { key: 'AuthorizationKey', readonly: 'false', value: 'x'.repeat(600) };
    const { deviations } = v16.readResponse('GetConfiguration', { configurationKey: [key] });
    expect(deviations.map(({ rule }) => rule)).toEqual(['type', 'too-long']);
    expect(deviations.some((deviation) => 'value' in deviation)).toBe(false);
  });
});

describe('strict', () => {
  it('reading refuses any violation with its code', () => {
    const read = (payload: unknown) => v16.readRequest('StartTransaction', payload, { strict: true });
    const good = { connectorId: 1, idTag: 'A', meterStart: 1, timestamp };
    expect(read(good)).toEqual({ ok: true, payload: good, deviations: [] });
    expect(read({ ...good, idTag: 7 })).toMatchObject({ code: 'TypeConstraintViolation' });
    expect(read({ ...good, idTag: undefined })).toMatchObject({ code: 'OccurrenceConstraintViolation' });
    expect(read({ ...good, idTag: 'x'.repeat(21) })).toMatchObject({ code: 'PropertyConstraintViolation' });
    expect(read({ ...good, more: 1 })).toMatchObject({ code: 'FormatViolation' });
    expect(read([])).toMatchObject({ code: 'FormatViolation' });
  });

  it('checking speaks to an operator', () => {
    expect(v16.checkRequest('RemoteStartTransaction', { idTag: 'A', connectorId: 1.5, x: 1 })).toEqual([
      { path: '/connectorId', rule: 'type', message: 'connectorId must be an integer' },
      { path: '/x', rule: 'unknown-member', message: 'x is not known here' },
    ]);
    expect(v16.checkRequest('Reset', { type: 'Warm' })[0]?.message).toBe('type must be one of Hard, Soft');
  });

  it('checking leaves members that are undefined to JSON.stringify', () => {
    expect(v16.checkRequest('Reset', { type: 'Soft', other: undefined })).toEqual([]);
  });
});

describe('a limit of 16.1', () => {
  const profile = (limit: number) => ({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  });

  it('is a multiple of 0.1 in spite of binary arithmetic', () => {
    expect(v16.checkRequest('SetChargingProfile', profile(16.1))).toEqual([]);
    expect(v16.checkRequest('SetChargingProfile', profile(16.15))).toHaveLength(1);
    expect(v16.readRequest('SetChargingProfile', profile(16.1)).deviations).toEqual([]);
  });
});

describe('schemas for forms', () => {
  it('stand alone', async () => {
    const schema = await requestSchema('ocpp2.0.1', 'Authorize');
    expect(schema).toMatchObject({ type: 'object', definitions: { IdTokenType: { type: 'object' } } });
    expect(await requestSchema('ocpp2.0.1', 'Nonsense')).toBeUndefined();
    expect(await responseSchema('ocpp2.1', 'NotifyPeriodicEventStream')).toBeUndefined();
  });
});

describe('any JSON', () => {
  it('is read and checked without throwing', { timeout: 60_000 }, async () => {
    for (const version of ocppVersions) {
      const validator = await loadValidator(version);
      const action = fc.constantFrom(...actionsOf(version).map((info) => info.action));
      fc.assert(
        fc.property(action, fc.jsonValue(), fc.boolean(), (name, payload, strict) => {
          validator.readRequest(name, payload, { strict });
          validator.readResponse(name, payload, { strict });
          validator.checkRequest(name, payload);
          validator.checkResponse(name, payload);
        }),
        { numRuns: 500 },
      );
    }
  });
});

describe('a secret that is of the wrong type', () => {
  it('is not told by the deviation', () => {
    const { deviations } = v16.readResponse('GetConfiguration', {
      configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 12_345_678 }],
    });
    expect(deviations).toMatchObject([{ rule: 'type', path: '/configurationKey/0/value' }]);
    expect(JSON.stringify(deviations)).not.toContain('12345678');
  });
});
