import { bounded } from '../bounded.ts';
import { type LoggedAnswer, type LoggedMessage, withAnswer } from '../message.ts';
import { keyOf, timeKey } from './keys.ts';
import { type LogTables, readLine, requestsAtOnce } from './log-tables.ts';
import type { FoundLine } from './message-entity.ts';

/** An answer that comes later than this after its CALL is shown on its own alone: it is looked for among what follows the CALL. */
const answerWithinMs = 300_000;

/** The lines as messages, each CALL with its answer: the edge answer that is in it, or the message that answers it. */
export function pairAnswers(tables: LogTables, lines: readonly FoundLine[]): Promise<LoggedMessage[]> {
  return bounded(lines, requestsAtOnce, async ({ message: { answer, ...message }, time }) => {
    const given = answer ?? (message.body.direction === 2 ? await findAnswer(tables, message, time) : undefined);
    return withAnswer(message, time, given);
  });
}

/** The first that went out counts: an answer may be repeated, or dropped and given again. */
async function findAnswer(
  tables: LogTables,
  { client, id }: LoggedMessage,
  time: number,
): Promise<LoggedAnswer | undefined> {
  const [from, to] = [timeKey(time), timeKey(time + answerWithinMs)];
  const filter = `PartitionKey eq '${keyOf(client)}' and RowKey ge '${from}' and RowKey lt '${to}' and answerTo eq '${keyOf(id)}'`;
  for await (const page of tables.messages.pages({ filter })) {
    for (const entity of page) {
      const { message } = await readLine(tables, entity);
      if (message.answerTo !== id || message.dropped !== undefined) continue;
      const { body, messageTime } = message;
      return { id: message.id, direction: body.direction, messageTime, messageBody: body.messageBody };
    }
  }
  return undefined;
}
