import type { Outcome, OutcomeStore } from '@ocpp-csms/calls';
import type { SessionDatabase } from '../schema.ts';

/** The outcome table: what was answered, found again by a redelivery. */
export function outcomeStore(begin: () => Promise<SessionDatabase>, now: () => Date): OutcomeStore {
  return {
    async find(envelopeIds) {
      const database = await begin();
      const rows = await database.selectFrom('outcome').selectAll().where('envelope_id', 'in', envelopeIds).execute();
      return rows.map(({ envelope_id, answer, events }) => ({
        envelopeId: envelope_id,
        answer: JSON.parse(answer) as Outcome['answer'],
        events: JSON.parse(events) as Outcome['events'],
      }));
    },
    async save(outcomes) {
      const database = await begin();
      const decidedAt = now().toISOString();
      const rows = outcomes.map(({ envelopeId, answer, events }) => ({
        envelope_id: envelopeId,
        answer: JSON.stringify(answer),
        events: JSON.stringify(events),
        decided_at: decidedAt,
      }));
      await database.insertInto('outcome').values(rows).execute();
    },
  };
}
