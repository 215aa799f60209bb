import { type Kysely, sql } from 'kysely';
import { type LoggedAnswer, type LoggedMessage, timeText, toMessage, withAnswer } from './message.ts';
import type { LogSchema, MessageRow } from './schema.ts';

/** Ids in one question; SQLite takes no more than 32,766 parameters. */
const idsAtOnce = 500;

/**
 * The rows as messages, each CALL with its answer: the edge answer that is in its row, or the message that answers it.
 * Answers are looked up for a page at a time, so that logging costs nothing more.
 */
export async function pairAnswers(read: Kysely<LogSchema>, rows: readonly MessageRow[]): Promise<LoggedMessage[]> {
  const open = rows.filter(({ direction, answer }) => direction === 2 && answer === null).map(({ id }) => id);
  const answers = new Map<string, LoggedAnswer>();
  for (let at = 0; at < open.length; at += idsAtOnce) {
    await collectAnswers(read, open.slice(at, at + idsAtOnce), answers);
  }
  return rows.map((row) => withAnswer(toMessage(row), row.message_time, answers.get(row.id) ?? undefined));
}

type AnswerRow = Pick<MessageRow, 'answer_to' | 'id' | 'direction' | 'message_time' | 'body'>;

/** The first that went out counts: an answer may be repeated, or dropped and given again. */
async function collectAnswers(read: Kysely<LogSchema>, ids: readonly string[], answers: Map<string, LoggedAnswer>) {
  const { rows } = await sql<AnswerRow>`
    SELECT answer_to, id, direction, message_time, body FROM messages
    WHERE answer_to IS NOT NULL AND answer_to IN (${sql.join([...ids])}) AND dropped IS NULL
    ORDER BY message_time DESC, seq DESC`.execute(read);
  for (const { answer_to, id, direction, message_time, body } of rows) {
    if (answer_to === null) continue;
    const messageBody: unknown = body === null ? null : JSON.parse(body);
    answers.set(answer_to, { id, direction, messageTime: timeText(message_time), messageBody });
  }
}
