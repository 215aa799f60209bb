import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCall,
  formatCallError,
  formatCallResult,
  formatCallResultError,
  formatSend,
  OcppError,
  ocppVersions,
  parseFrame,
  spellErrorCode,
} from './index.ts';

function read(text: string, version: (typeof ocppVersions)[number] = 'ocpp1.6') {
  const parsed = parseFrame(text, version);
  if (!parsed.ok) throw new Error(parsed.description);
  return parsed;
}

describe('frames as they should be', () => {
  it('reads each message type', () => {
    expect(read('[2,"a","Heartbeat",{}]').frame).toEqual({ type: 2, msgId: 'a', action: 'Heartbeat', payload: {} });
    expect(read('[3,"a",{"x":1}]').frame).toEqual({ type: 3, msgId: 'a', payload: { x: 1 } });
    const error = { msgId: 'a', code: 'InternalError', description: 'no', details: {} };
    expect(read('[4,"a","InternalError","no",{}]').frame).toEqual({ type: 4, ...error });
    expect(read('[5,"a","InternalError","no",{}]', 'ocpp2.1').frame).toEqual({ type: 5, ...error });
    expect(read('[6,"a","NotifyPeriodicEventStream",{}]', 'ocpp2.1').frame).toMatchObject({ type: 6, msgId: 'a' });
    expect(read('[2,"a","Heartbeat",{}]').deviations).toEqual([]);
  });

  it('writes what it reads', () => {
    expect(formatCall('1', 'Reset', { type: 'Soft' })).toBe('[2,"1","Reset",{"type":"Soft"}]');
    expect(formatCallResult('1', {})).toBe('[3,"1",{}]');
    const error = new OcppError('FormatViolation', 'bad');
    expect(formatCallError('ocpp2.1', '1', error)).toBe('[4,"1","FormatViolation","bad",{}]');
    expect(formatSend('1', 'NotifyPeriodicEventStream', {})).toBe('[6,"1","NotifyPeriodicEventStream",{}]');
    expect(formatCallResultError('1', { code: 'GenericError' })).toBe('[5,"1","GenericError","",{}]');
  });
});

describe('row 17: invalid JSON in every message', () => {
  const text = '[2,"17","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]';

  it('is answered with the message id that the text shows', () => {
    for (const version of ocppVersions) {
      expect(parseFrame(text, version)).toMatchObject({
        ok: false,
        reason: 'not-json',
        answerable: true,
        msgId: '17',
        code: 'FormatViolation',
      });
    }
  });

  it('is answered with "-1" in 2.x and ignored in 1.6 when the id can not be read', () => {
    expect(parseFrame('{"a":', 'ocpp2.0.1')).toMatchObject({
      answerable: true,
      msgId: '-1',
      code: 'RpcFrameworkError',
    });
    expect(parseFrame('{"a":', 'ocpp1.6')).toMatchObject({ answerable: false });
  });

  it('is never answered when it is an answer itself', () => {
    for (const type of [3, 4, 5, 6]) {
      expect(parseFrame(`[${type},"1",{`, 'ocpp2.1')).toMatchObject({ answerable: false, msgId: '1' });
    }
  });
});

describe('row 18: message type 0, 1 or 7', () => {
  it('is ignored in 1.6', () => {
    for (const type of [0, 1, 5, 6, 7]) {
      expect(parseFrame(`[${type},"1","X",{}]`, 'ocpp1.6')).toMatchObject({
        reason: 'unknown-message-type',
        answerable: false,
      });
    }
  });

  it('is refused by name in 2.x', () => {
    for (const type of [0, 1, 7]) {
      expect(parseFrame(`[${type},"1","X",{}]`, 'ocpp2.0.1')).toMatchObject({
        answerable: true,
        msgId: '1',
        code: 'MessageTypeNotSupported',
      });
    }
    expect(parseFrame('[6,"1","X",{}]', 'ocpp2.0.1')).toMatchObject({ answerable: false });
  });
});

describe('row 24: null and missing payloads', () => {
  it('are empty payloads', () => {
    expect(read('[2,"1","Heartbeat",null]')).toMatchObject({ frame: { payload: {} }, deviations: [{ rule: 'frame' }] });
    expect(read('[2,"1","Heartbeat"]')).toMatchObject({ frame: { payload: {} }, deviations: [{ rule: 'frame' }] });
    expect(read('[3,"1"]').frame).toEqual({ type: 3, msgId: '1', payload: {} });
  });
});

describe('row 25: a CALLERROR with two, three, four or six elements', () => {
  it('ends the wait for the answer', () => {
    for (const rest of ['', ',"FormationViolation"', ',"FormationViolation",""', ',"E","",{},1', ',null,7,null']) {
      expect(read(`[4,"1"${rest}]`).frame).toMatchObject({ type: 4, msgId: '1', details: {} });
    }
    expect(read('[4,"1","FormationViolation",""]').frame).toMatchObject({ code: 'FormationViolation' });
  });
});

describe('row 26: a spelling of our own makes charge points repeat for ever', () => {
  it('is avoided: 1.6 and 2.x have their own', () => {
    expect(spellErrorCode('ocpp1.6', 'FormatViolation')).toBe('FormationViolation');
    expect(spellErrorCode('ocpp1.6', 'OccurrenceConstraintViolation')).toBe('OccurenceConstraintViolation');
    expect(spellErrorCode('ocpp1.6', 'RpcFrameworkError')).toBe('GenericError');
    expect(spellErrorCode('ocpp2.0.1', 'FormatViolation')).toBe('FormatViolation');
    expect(spellErrorCode('ocpp2.1', 'OccurrenceConstraintViolation')).toBe('OccurrenceConstraintViolation');
  });

  it('keeps to 255 characters and an object for details', () => {
    const text = formatCallError('ocpp1.6', '1', { code: 'InternalError', description: `${'x'.repeat(254)}😀` });
    expect(JSON.parse(text)).toEqual([4, '1', 'InternalError', 'x'.repeat(254), {}]);
  });
});

describe('other frames from the field', () => {
  it('keep-alives of nothing but white space are ignored', () => {
    for (const text of ['', '  \r\n', '\0']) {
      expect(parseFrame(text, 'ocpp2.1')).toMatchObject({ reason: 'empty', answerable: false });
    }
  });

  it('a numeric message id keeps all its digits', () => {
    const { frame, deviations } = read('[2, 12345678901234567890 ,"Heartbeat",{}]');
    expect(frame.msgId).toBe('12345678901234567890');
    expect(deviations).toHaveLength(1);
  });

  it('a message id of 40 characters is accepted', () => {
    expect(read(`[2,"${'a'.repeat(40)}","Heartbeat",{}]`).deviations).toHaveLength(1);
  });

  it('a byte order mark, or a NUL at the end, is no fault', () => {
    expect(read('\ufeff[2,"1","Heartbeat",{}]\0').frame).toMatchObject({ msgId: '1' });
  });

  it('a message type in quotes is a message type', () => {
    expect(read('["2","1","Heartbeat",{}]').frame.type).toBe(2);
  });

  it('a CALL without an action, or without an id, is refused where it can be', () => {
    expect(parseFrame('[2,"1",7,{}]', 'ocpp1.6')).toMatchObject({ answerable: true, code: 'FormatViolation' });
    expect(parseFrame('[2,"1"]', 'ocpp2.1')).toMatchObject({ answerable: true, code: 'RpcFrameworkError' });
    expect(parseFrame('[2,{},"Heartbeat",{}]', 'ocpp1.6')).toMatchObject({ answerable: false });
    expect(parseFrame('[2,{},"Heartbeat",{}]', 'ocpp2.1')).toMatchObject({ answerable: true, msgId: '-1' });
    expect(parseFrame('{}', 'ocpp2.1')).toMatchObject({ reason: 'not-an-array', msgId: '-1' });
    expect(parseFrame('[]', 'ocpp1.6')).toMatchObject({ answerable: false });
  });

  it('twenty thousand nested arrays are refused', () => {
    const text = `[2,"1","DataTransfer",{"data":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`;
    expect(parseFrame(text, 'ocpp1.6')).toMatchObject({
      reason: 'too-deep',
      answerable: true,
      code: 'FormatViolation',
    });
  });

  it('members named __proto__ stay members', () => {
    const { frame } = read('[2,"1","Heartbeat",{"__proto__":{"admin":true}}]');
    expect(Object.keys((frame.type === 2 && frame.payload) || {})).toEqual(['__proto__']);
    expect({}).not.toHaveProperty('admin');
  });
});

describe('any text', () => {
  const version = fc.constantFrom(...ocppVersions);

  it('is read without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), version, (text, v) => void parseFrame(text, v)));
    fc.assert(fc.property(fc.json(), version, (text, v) => void parseFrame(text, v)));
  });

  it('that starts like a frame is read without throwing', () => {
    const start = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, '2', null, {});
    fc.assert(
      fc.property(start, fc.array(fc.jsonValue()), fc.nat(80), version, (type, rest, length, v) => {
        const text = JSON.stringify([type, ...rest]);
        parseFrame(text, v);
        parseFrame(text.slice(0, length), v);
      }),
    );
  });

  it('of a call comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 36 }),
        fc.string(),
        fc.dictionary(fc.string(), fc.string()),
        (id, action, body) => {
          const payload = JSON.parse(JSON.stringify(body));
          expect(read(formatCall(id, action, payload)).frame).toEqual({ type: 2, msgId: id, action, payload });
        },
      ),
    );
  });
});
