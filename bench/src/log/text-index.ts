/** The log has no index for text: what one would cost a message, in SQLite alone and without anything around it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createTraffic } from './traffic.ts';

export interface TextIndexCost {
  /** A message, in microseconds and bytes. */
  without: Cost;
  withIndex: Cost;
}
interface Cost {
  micros: number;
  bytes: number;
}

const messages = 50_000;
const rowsPerCommit = 100;

export function measureTextIndex(directory: string): TextIndexCost {
  const traffic = createTraffic({ count: messages, endsAt: Date.now() });
  const texts = Array.from({ length: messages }, () => JSON.stringify(traffic.next()));
  return {
    without: insert(join(directory, 'without.sqlite'), texts, false),
    withIndex: insert(join(directory, 'with.sqlite'), texts, true),
  };
}

function insert(file: string, texts: readonly string[], isIndexed: boolean): Cost {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec('CREATE TABLE messages (seq INTEGER PRIMARY KEY, content TEXT NOT NULL)');
  if (isIndexed) {
    database.exec(
      "CREATE VIRTUAL TABLE words USING fts5(content, content='messages', content_rowid='seq', tokenize='trigram')",
    );
  }
  const intoTable = database.prepare('INSERT INTO messages (seq, content) VALUES (?, ?)');
  const intoIndex = isIndexed ? database.prepare('INSERT INTO words (rowid, content) VALUES (?, ?)') : undefined;
  const commit = database.transaction((from: number) => {
    for (let seq = from; seq < Math.min(from + rowsPerCommit, texts.length); seq++) {
      intoTable.run(seq, texts[seq]);
      intoIndex?.run(seq, texts[seq]);
    }
  });
  const startedAt = performance.now();
  for (let from = 0; from < texts.length; from += rowsPerCommit) commit(from);
  const micros = ((performance.now() - startedAt) * 1000) / texts.length;
  database.close();
  return { micros, bytes: statSync(file).size / texts.length };
}
