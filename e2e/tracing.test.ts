import { randomBytes } from 'node:crypto';
import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAdminKey } from './src/admin-key.ts';
import { boot, startTransaction } from './src/charge-1.6.ts';
import { startCsms } from './src/csms.ts';
import { startDaemons } from './src/daemons.ts';
import { newToken } from './src/registry.ts';
import type { Csms } from './src/running-csms.ts';
import { newChargePoint } from './src/scenes.ts';
import { enginesOf } from './src/shapes.ts';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from './src/trace-receiver.ts';

const start = {
  one: (settings: DeepPartial<Settings>) => startCsms({ settings }),
  zeromq: async (settings: DeepPartial<Settings>) => startDaemons(await enginesOf('zeromq'), { settings }),
};

/** A span begins at a whole millisecond and has its length in nanoseconds: two spans are compared no closer. */
const oneMillisecond = 1_000_000n;

describe.each(['one', 'zeromq'] as const)('traces of a system of %s', (shape) => {
  const owner = (service: string) => (shape === 'one' ? 'ocpp-csms' : service);
  let receiver: TraceReceiver;
  let csms: Csms;

  beforeAll(async () => {
    receiver = await startTraceReceiver();
    csms = await start[shape]({ tracing: { endpoint: receiver.url } });
  });
  afterAll(async () => {
    await csms?.stop();
    await receiver?.close();
  });

  /** The spans of the trace in which one is so called, once those named have come. */
  async function traceOf(isIt: (span: ReceivedSpan) => boolean, complete: readonly string[]): Promise<ReceivedSpan[]> {
    const find = () => {
      const { traceId } = receiver.spans.find(isIt) ?? {};
      return receiver.spans.filter((span) => span.traceId === traceId);
    };
    const isThere = () => complete.every((name) => find().some((span) => span.name === name));
    await until(`a trace with ${complete.join(', ')}`, isThere, { timeoutMs: 10_000 });
    return find();
  }

  test('one from the socket through the bus to the commit and back', async () => {
    const chargePoint = await newChargePoint(csms);
    await boot(chargePoint);
    await startTransaction(chargePoint, await newToken(csms));
    const { networkId } = chargePoint;
    const trace = await traceOf(
      ({ name, attributes }) => name === 'StartTransaction' && attributes['ocpp.network_id'] === networkId,
      [
        'StartTransaction',
        'publish on MessagesIn',
        'message-manager: StartTransaction',
        'session: StartTransaction',
        'decide and commit StartTransaction',
      ],
    );
    const [root, commit] = ['StartTransaction', 'decide and commit StartTransaction'].map((name) =>
      trace.find((span) => span.name === name),
    ) as [ReceivedSpan, ReceivedSpan];
    expect(root.parentSpanId ?? '').toBe('');
    expect(root.attributes).toMatchObject({ 'ocpp.version': 'ocpp1.6', 'csms.outcome': 'answered' });
    expect(root.service).toBe(owner('csms-server'));
    expect(commit.service).toBe(owner('session'));
    const back = trace.find(({ name, startNanos }) => name.startsWith('send to ') && startNanos >= commit.startNanos);
    expect(back?.service).toBe(owner('session'));
    expect(commit.startNanos < root.endNanos + oneMillisecond).toBe(true);
    expect(trace.filter(({ failed }) => failed)).toEqual([]);
  });

  test('a command, in the trace of the program that asked for it', async () => {
    const chargePoint = await newChargePoint(csms);
    await boot(chargePoint);
    const traceId = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
    const response = await fetch(
      `${csms.httpUrl}/device-manager/charge-points/${chargePoint.networkId}/commands/ClearCache`,
      { method: 'POST', headers: { Authorization: `Bearer ${await readAdminKey(csms.dataDir)}`, ...headers } },
    );
    expect(response.status).toBe(200);
    const trace = await traceOf(
      (span) => span.traceId === traceId,
      ['command ClearCache', 'ClearCache', 'message-manager: ClearCache'],
    );
    const command = trace.find(({ name }) => name === 'command ClearCache');
    const call = trace.find(({ name }) => name === 'ClearCache');
    expect(command?.attributes).toMatchObject({ 'csms.outcome': 'answered' });
    expect(call?.parentSpanId).toBe(command?.spanId);
    expect(call?.service).toBe(owner('csms-server'));
  });

  test('nothing of what was said is in them, and nothing that is secret', async () => {
    const chargePoint = await newChargePoint(csms);
    await boot(chargePoint);
    const idTag = await newToken(csms);
    await startTransaction(chargePoint, idTag);
    await traceOf(
      ({ name, attributes }) => name === 'StartTransaction' && attributes['ocpp.network_id'] === chargePoint.networkId,
      ['StartTransaction', 'decide and commit StartTransaction'],
    );
    expect(JSON.stringify(receiver.spans.map(({ name, attributes }) => [name, attributes]))).not.toContain(idTag);
  });
});

test('a receiver that is away is told once, and keeps nobody from charging', async () => {
  const receiver = await startTraceReceiver();
  await receiver.close();
  const csms = await startCsms({ settings: { tracing: { endpoint: receiver.url } } });
  try {
    const chargePoint = await newChargePoint(csms);
    await boot(chargePoint);
    const complaints = () => csms.logLines.filter((line) => line.includes('Traces cannot be sent'));
    await until('it is told', () => complaints().length > 0, { timeoutMs: 15_000 });
    expect((await startTransaction(chargePoint, await newToken(csms))).status).toBe('Accepted');
    expect(complaints()).toHaveLength(1);
  } finally {
    await csms.stop();
  }
});
