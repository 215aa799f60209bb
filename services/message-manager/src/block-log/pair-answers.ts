import { type Kysely, sql } from 'kysely';
import { indexable } from '../envelope-text.ts';
import { type LoggedAnswer, type LoggedMessage, type LogLine, toMessage, withAnswer } from '../message.ts';
import { dialectOf } from './dialect.ts';
import { readLines } from './find-messages.ts';
import type { LogSchema } from './schema.ts';

/**
 * The lines as messages, each CALL with its answer: the edge answer that is in its line, or the message that answers it.
 * Answers are looked up for a page at a time, so that logging costs nothing more.
 */
export async function pairAnswers(read: Kysely<LogSchema>, lines: readonly LogLine[]): Promise<LoggedMessage[]> {
  const open = lines.filter(({ message: { body, answer } }) => body.direction === 2 && answer === undefined);
  if (open.length === 0) return lines.map(toMessage);
  const answers = await findAnswers(read, open);
  return lines.map((line) =>
    withAnswer(toMessage(line), line.time, line.message.answer ?? answers.get(line.message.id)),
  );
}

/** The first that went out counts: an answer may be repeated, or dropped and given again. */
async function findAnswers(read: Kysely<LogSchema>, calls: readonly LogLine[]): Promise<Map<string, LoggedAnswer>> {
  const dialect = dialectOf(read);
  const isAnswer = dialect.isAmongTexts(
    sql`call_id`,
    calls.map(({ message }) => indexable(message.id)),
  );
  const seqs = calls.map(({ seq }) => seq);
  const { rows } = await sql<{ seq: number }>`
    SELECT seq FROM answers WHERE ${isAnswer} AND ${dialect.answersNear(Math.min(...seqs), Math.max(...seqs))}`.execute(
    read,
  );
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
