import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ActionOf, actionInfo, actionsOf, isOcppVersion, type RequestOf, type ResponseOf } from './index.ts';

describe('the catalogue of actions', () => {
  it('has all 39, 64 and 91 actions', () => {
    expect(actionsOf('ocpp1.6')).toHaveLength(39);
    expect(actionsOf('ocpp2.0.1')).toHaveLength(64);
    expect(actionsOf('ocpp2.1')).toHaveLength(91);
  });

  it('knows who sends what, and that a SEND is not answered', () => {
    expect(actionInfo('ocpp1.6', 'Heartbeat')).toEqual({ action: 'Heartbeat', from: 'charge-point', kind: 'call' });
    expect(actionInfo('ocpp1.6', 'Reset')?.from).toBe('csms');
    expect(actionInfo('ocpp2.0.1', 'DataTransfer')?.from).toBe('both');
    expect(actionInfo('ocpp2.1', 'NotifyPeriodicEventStream')?.kind).toBe('send');
    expect(actionsOf('ocpp2.1').filter(({ kind }) => kind === 'send')).toHaveLength(1);
  });

  it('does not know what is not in it', () => {
    expect(actionInfo('ocpp1.6', 'TransactionEvent')).toBeUndefined();
    expect(actionInfo('ocpp1.6', 'heartbeat')).toBeUndefined();
    expect(actionInfo('ocpp1.6', 'constructor')).toBeUndefined();
    expect(isOcppVersion('ocpp1.5')).toBe(false);
  });
});

describe('the types', () => {
  it('are the actions that every version of a handler knows', () => {
    expectTypeOf<'StartTransaction'>().toExtend<ActionOf<'ocpp1.6'>>();
    expectTypeOf<'StartTransaction'>().not.toExtend<ActionOf<'ocpp2.0.1' | 'ocpp2.1'>>();
    expectTypeOf<'AFRRSignal'>().not.toExtend<ActionOf<'ocpp2.0.1' | 'ocpp2.1'>>();
  });

  it('let a handler of two versions receive either shape, and answer what is valid in both', () => {
    type Request = RequestOf<'ocpp2.0.1' | 'ocpp2.1', 'Authorize'>;
    expectTypeOf<Request['idToken']['idToken']>().toEqualTypeOf<string>();
    type Response = ResponseOf<'ocpp2.0.1' | 'ocpp2.1', 'Authorize'>;
    expectTypeOf<{ idTokenInfo: { status: 'Accepted' } }>().toExtend<Response>();
    expectTypeOf<{ idTokenInfo: { status: 'Nonsense' } }>().not.toExtend<Response>();
    expectTypeOf<ResponseOf<'ocpp2.1', 'NotifyPeriodicEventStream'>>().toEqualTypeOf<undefined>();
  });
});
