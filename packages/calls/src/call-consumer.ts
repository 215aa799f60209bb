import type { Bus, DomainEvent, Envelope, Subscription } from '@ocpp-csms/bus';
import { OcppError, type OcppVersion } from '@ocpp-csms/ocpp';
import type { StoredAnswer } from './answer.ts';
import { type AnswerDelivery, type AnswerDeliveryOptions, createAnswerDelivery } from './answer-delivery.ts';
import type { Handler, MessageFacts } from './handler.ts';

/** What came of a CALL, kept in the same transaction as its effects, so that a redelivery finds it. */
export interface Outcome {
  /** The `id` of the CALL's envelope. */
  envelopeId: string;
  answer: StoredAnswer;
  events: readonly DomainEvent[];
}

export interface OutcomeStore {
  find(envelopeIds: readonly string[]): Promise<readonly Outcome[]>;
  save(outcomes: readonly Outcome[]): Promise<void>;
}

export interface CallConsumerOptions<Context> extends AnswerDeliveryOptions {
  bus: Bus;
  /** The group on MessagesIn: the name of the service. */
  group: string;
  /** Named as sender of the events. */
  node: string;
  handlers: readonly Handler<Context>[];
  /**
   * Runs `work` in one database transaction; durable when it resolves. May run it again, from the start, when the
   * database rolled it back. `clients` are the networkIds that the work is about: no other transaction is about one of them.
   */
  transact<Result>(
    work: (context: Context, outcomes: OutcomeStore) => Promise<Result>,
    clients: readonly string[],
  ): Promise<Result>;
  tracer?: CommitTracer;
}

/** Follows what is decided and committed, for messages that are followed. */
export interface CommitTracer {
  start(
    name: string,
    options: { kind: 'internal'; parent: string },
  ): { end(how?: { failed?: string }): void } | undefined;
}

/** One CALL, or any other message, with the handlers that want it. */
interface Work<Context> {
  envelope: Envelope;
  handlers: readonly Handler<Context>[];
}

/**
 * Feeds a service's handlers from MessagesIn. Effects and answers of a batch are committed in one transaction; then
 * the answers go to the node and connection that asked, and the events are published.
 */
export async function consumeCalls<Context>(options: CallConsumerOptions<Context>): Promise<Subscription> {
  const table = handlerTable(options.handlers);
  const only = new Set(options.handlers.map(({ action }) => action));
  const delivery = createAnswerDelivery(options);
  const handle = (batch: readonly Envelope[]) => handleBatch(batch, table, delivery, options);
  const subscription = await options.bus.consume('MessagesIn', options.group, handle, { only });
  return {
    async close() {
      await subscription.close();
      await delivery.stop();
    },
  };
}

async function handleBatch<Context>(
  batch: readonly Envelope[],
  table: HandlerTable<Context>,
  delivery: AnswerDelivery,
  options: CallConsumerOptions<Context>,
) {
  const work = batch.flatMap((envelope) => {
    // csms-server has refused it with a CALLERROR: its payload was not read, and nothing is to follow from it.
    if (envelope.answer?.direction === 4) return [];
    const handlers = table.get(keyOf(envelope)) ?? [];
    return handlers.length > 0 ? [{ envelope, handlers }] : [];
  });
  if (work.length === 0) return;
  const events: DomainEvent[] = [];
  const outcomes = await followed(work, options.tracer, () => commit(work, events, options));
  for (const { outcome } of outcomes) events.push(...outcome.events);
  await delivery.deliver(outcomes.map(({ envelope, outcome: { answer } }) => ({ call: envelope, answer })));
  for (const event of events) await options.bus.publish('Events', event);
}

/** What is committed together has a part in each of the traces. */
async function followed<Context, Result>(
  work: readonly Work<Context>[],
  tracer: CommitTracer | undefined,
  commitAll: () => Promise<Result>,
): Promise<Result> {
  const spans = work.flatMap(({ envelope: { traceparent, body } }) => {
    if (tracer === undefined || traceparent === undefined) return [];
    return tracer.start(`decide and commit ${body.messageType}`, { kind: 'internal', parent: traceparent }) ?? [];
  });
  try {
    const result = await commitAll();
    for (const span of spans) span.end();
    return result;
  } catch (error) {
    for (const span of spans) span.end({ failed: String(error) });
    throw error;
  }
}

interface Decided {
  envelope: Envelope;
  outcome: Outcome;
}

async function commit<Context>(
  work: readonly Work<Context>[],
  events: DomainEvent[],
  options: CallConsumerOptions<Context>,
): Promise<Decided[]> {
  const clients = work.map(({ envelope }) => envelope.client);
  try {
    return await options.transact((context, store) => {
      // Of an attempt that was rolled back nothing is left.
      events.length = 0;
      return decideAll(work, context, store, events, options);
    }, clients);
  } catch (error) {
    // The effects were rolled back. Alone, the refusal is the answer; in a batch, throwing makes the bus try one by one.
    const [only] = work;
    if (!(error instanceof OcppError) || work.length > 1 || only === undefined) throw error;
    events.length = 0;
    return options.transact(async (_context, store) => {
      const outcome: Outcome = {
        envelopeId: only.envelope.id,
        answer: { ok: false, code: error.code, description: error.message },
        events: [],
      };
      await store.save([outcome]);
      return [{ envelope: only.envelope, outcome }];
    }, clients);
  }
}

async function decideAll<Context>(
  work: readonly Work<Context>[],
  context: Context,
  store: OutcomeStore,
  events: DomainEvent[],
  options: CallConsumerOptions<Context>,
): Promise<Decided[]> {
  const calls = work.filter(({ handlers }) => handlers.some(({ kind }) => kind === 'call'));
  const known = calls.length === 0 ? [] : await store.find(calls.map(({ envelope }) => envelope.id));
  const knownById = new Map(known.map((outcome) => [outcome.envelopeId, outcome]));
  const decided: Decided[] = [];
  const fresh: Outcome[] = [];
  for (const { envelope, handlers } of work) {
    const before = knownById.get(envelope.id);
    if (before !== undefined) {
      decided.push({ envelope, outcome: before });
      continue;
    }
    for (const handler of handlers) {
      const emitted: DomainEvent[] = [];
      const result = await handler.handle(
        { ...factsOf(envelope, emitted, options), payload: envelope.body.messageBody },
        context,
      );
      if (handler.kind !== 'call') {
        events.push(...emitted);
        continue;
      }
      const outcome: Outcome = { envelopeId: envelope.id, answer: { ok: true, payload: result }, events: emitted };
      fresh.push(outcome);
      decided.push({ envelope, outcome });
    }
  }
  if (fresh.length > 0) await store.save(fresh);
  return decided;
}

function factsOf<Context>(
  envelope: Envelope,
  emitted: DomainEvent[],
  { newId, now, node }: CallConsumerOptions<Context>,
): MessageFacts {
  const { client, protocol = 'ocpp1.6', messageTime } = envelope;
  const tenant = envelope.tenant === undefined ? {} : { tenant: envelope.tenant };
  return {
    networkId: client,
    version: protocol,
    receivedAt: messageTime,
    envelope,
    emit: (event, data) =>
      emitted.push({ id: newId(), serverNode: node, client, messageTime: now().toISOString(), ...tenant, event, data }),
  };
}

type HandlerTable<Context> = ReadonlyMap<string, readonly Handler<Context>[]>;

function handlerTable<Context>(handlers: readonly Handler<Context>[]): HandlerTable<Context> {
  const table = new Map<string, Handler<Context>[]>();
  for (const handler of handlers) {
    for (const version of handler.versions) {
      const key = tableKey(version, handler.kind === 'answer', handler.action);
      const before = table.get(key) ?? [];
      if (handler.kind === 'call' && before.some(({ kind }) => kind === 'call'))
        throw new Error(`Two handlers decide ${handler.action} of ${version}`);
      table.set(key, [...before, handler]);
    }
  }
  return table;
}

function keyOf({ protocol = 'ocpp1.6', body }: Envelope): string {
  return tableKey(protocol, body.direction === 3 || body.direction === 4, body.messageType);
}

function tableKey(version: OcppVersion, answer: boolean, action: string): string {
  return `${version} ${answer ? 'answer' : 'call'} ${action}`;
}
