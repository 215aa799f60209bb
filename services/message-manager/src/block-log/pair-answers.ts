import { type Kysely, sql } from 'kysely';
import { storable } from '../envelope-text.ts';
import { type LoggedAnswer, type LoggedMessage, type LogLine, toMessage, withAnswer } from '../message.ts';
import { readLines } from './find-messages.ts';
import type { LogSchema } from './schema.ts';

/**
 * The lines as messages, each CALL with its answer: the edge answer that is in its line, or the message that answers it.
 * Answers are looked up for a page at a time, so that logging costs nothing more.
 */
export async function pairAnswers(read: Kysely<LogSchema>, lines: readonly LogLine[]): Promise<LoggedMessage[]> {
  const open = lines.filter(({ message: { body, answer } }) => body.direction === 2 && answer === undefined);
  if (open.length === 0) return lines.map(toMessage);
  const answers = await findAnswers(
    read,
    open.map(({ message }) => message.id),
  );
  return lines.map((line) =>
    withAnswer(toMessage(line), line.time, line.message.answer ?? answers.get(line.message.id)),
  );
}

/** The first that went out counts: an answer may be repeated, or dropped and given again. */
async function findAnswers(read: Kysely<LogSchema>, ids: readonly string[]): Promise<Map<string, LoggedAnswer>> {
  const { rows } = await sql<{ seq: number }>`
    SELECT seq FROM answers
    WHERE call_id IN (SELECT value FROM json_each(${JSON.stringify(ids.map(storable))}))`.execute(read);
  const lines = await readLines(
    read,
    rows.map(({ seq }) => seq),
  );
  const answers = new Map<string, LoggedAnswer>();
  for (const { message } of lines.sort((one, other) => other.time - one.time || other.seq - one.seq)) {
    const { answerTo, id, messageTime, body, dropped } = message;
    if (answerTo === undefined || dropped !== undefined) continue;
    answers.set(answerTo, { id, direction: body.direction, messageTime, messageBody: body.messageBody });
  }
  return answers;
}
