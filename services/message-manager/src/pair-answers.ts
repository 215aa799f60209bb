import { type Kysely, sql } from 'kysely';
import { type LoggedAnswer, type LoggedMessage, toMessage, withAnswer } from './message.ts';
import { type LogSchema, type MessageRow, marks } from './schema.ts';

/** Ids in one question; SQLite takes no more than 32,766 parameters. */
const idsAtOnce = 500;

/**
 * The rows as messages, each CALL with its answer: the edge answer that is in its row, or the message that answers it.
 * Answers are looked up for a page at a time, so that logging costs nothing more.
 */
export async function pairAnswers(read: Kysely<LogSchema>, rows: readonly MessageRow[]): Promise<LoggedMessage[]> {
  const messages = rows.map(toMessage);
  const open = messages.filter(({ body, answer }) => body.direction === 2 && answer === undefined).map(({ id }) => id);
  const answers = new Map<string, LoggedAnswer>();
  for (let at = 0; at < open.length; at += idsAtOnce) {
    await collectAnswers(read, open.slice(at, at + idsAtOnce), answers);
  }
  return rows.map((row, n) => withAnswer(messages[n] as LoggedMessage, row.message_time, answers.get(row.id)));
}

/** The first that went out counts: an answer may be repeated, or dropped and given again. */
async function collectAnswers(read: Kysely<LogSchema>, ids: readonly string[], answers: Map<string, LoggedAnswer>) {
  const { rows } = await sql<MessageRow>`
    SELECT * FROM messages
    WHERE answer_to IS NOT NULL AND answer_to IN (${sql.join([...ids])}) AND marks & ${marks.dropped} = 0
    ORDER BY message_time DESC, seq DESC`.execute(read);
  for (const row of rows) {
    if (row.answer_to === null) continue;
    const { id, messageTime, body } = toMessage(row);
    answers.set(row.answer_to, { id, direction: body.direction, messageTime, messageBody: body.messageBody });
  }
}
