import type { OutcomeStore } from '@ocpp-csms/calls';
import type { Clock } from '@ocpp-csms/runtime';
import type { Writer } from './context.ts';

/** The decisions that were answered, so that a redelivered CALL gets the same answer. */
export function outcomeStore(tx: Writer, clock: Clock): OutcomeStore {
  return {
    async find(envelopeIds) {
      const rows = await tx
        .selectFrom('outcome')
        .selectAll()
        .where('envelope_id', 'in', [...envelopeIds])
        .execute();
      return rows.map(({ envelope_id, answer, events }) => ({
        envelopeId: envelope_id,
        answer: JSON.parse(answer),
        events: JSON.parse(events),
      }));
    },
    async save(outcomes) {
      const decidedAt = clock.now().toISOString();
      const rows = outcomes.map(({ envelopeId, answer, events }) => ({
        envelope_id: envelopeId,
        answer: JSON.stringify(answer),
        events: JSON.stringify(events),
        decided_at: decidedAt,
      }));
      await tx
        .insertInto('outcome')
        .values(rows)
        .onConflict((on) => on.doNothing())
        .execute();
    },
  };
}
