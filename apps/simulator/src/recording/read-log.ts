import { isJsonObject } from '@ocpp-csms/ocpp';
import { readExportLine } from './export-line.ts';
import type { LeftOut, LineContent, LogEntry } from './log-entry.ts';
import { readPlainLine } from './plain-line.ts';

export interface Log {
  /** The oldest first. */
  entries: LogEntry[];
  leftOut: LeftOut[];
  /** Lines without any OCPP message. */
  otherLines: number[];
}

/** Our own export, or the log of any stack; a mixture does no harm. */
export async function readLog(lines: AsyncIterable<string>): Promise<Log> {
  const log: Log = { entries: [], leftOut: [], otherLines: [] };
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    const { entries, leftOut } = readLine(text.replace(/^\ufeff/, ''), line);
    log.entries.push(...entries);
    if (leftOut !== undefined) log.leftOut.push(leftOut);
    else if (entries.length === 0) log.otherLines.push(line);
  }
  return { ...log, entries: oldestFirst(log.entries) };
}

function readLine(text: string, line: number): LineContent {
  return (text.startsWith('{') ? fromExport(text, line) : undefined) ?? readPlainLine(text, line);
}

function fromExport(text: string, line: number): LineContent | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isJsonObject(message) ? readExportLine(message, line) : undefined;
  } catch {
    return undefined;
  }
}

/** An export may have been asked for with the newest first. Lines of one moment keep their order, as their writer had it. */
function oldestFirst(entries: LogEntry[]): LogEntry[] {
  const exported = entries.filter(({ id, time }) => id !== undefined && time !== undefined);
  const isReversed = (exported[0]?.time ?? 0) > (exported.at(-1)?.time ?? 0);
  if (!isReversed) return entries;
  // Within a line, the answer comes after its CALL.
  return entries.toSorted((a, b) => b.line - a.line);
}
