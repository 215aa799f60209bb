/** The message log over its REST routes, when it has become large. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withDataFolder } from '../data-folder.ts';
import { fillLog, indexLog, type OpenLog, openLog } from '../log/log-store.ts';
import { type Known, type Question, questionsFor } from '../log/questions.ts';
import { measureTextIndex, type TextIndexCost } from '../log/text-index.ts';
import { days, fleetSize } from '../log/traffic.ts';
import type { Findings, Tools } from '../part.ts';
import { megabytes, type Target, table } from '../report.ts';
import { median } from '../statistics.ts';

/** How often each question is asked, the first time over a cold connection included. */
const askings = 7;
/** No more are asked once a question has taken so long altogether, and none is followed further than that. */
const longestMs = 20_000;

interface Answered {
  what: string;
  atMost: number;
  /** Milliseconds until the whole answer was there, one for each asking. */
  took: number[];
  /** Pages asked for at most: a search that did not fill its page in its time says where to go on. */
  requests: number;
  isComplete: boolean;
}

interface Measured {
  messages: number;
  fillSeconds: number;
  bytes: number;
  answered: Answered[];
}

export async function measureLog({ options, progress }: Tools): Promise<Findings> {
  const measured: Measured[] = [];
  for (const count of options.logSizes) measured.push(await withDataFolder((at) => measureSize(at, count, progress)));
  progress('the cost of an index for text');
  const textIndex = await withDataFolder(async (directory) => measureTextIndex(directory));
  return {
    markdown: [...measured.map(describe), describeTextIndex(textIndex)].join('\n\n'),
    figures: { measured, textIndex },
    targets: measured.flatMap(targets),
  };
}

async function measureSize(directory: string, count: number, progress: Tools['progress']): Promise<Measured> {
  const endsAt = Date.now();
  const fillSeconds = await fillLog(directory, {
    count,
    endsAt,
    progress: (stored) => progress(`${count} messages, ${stored} stored`),
  });
  progress(`${count} messages: indexing the rest`);
  await indexLog(directory);
  const log = await openLog(directory, 'full');
  try {
    const answered: Answered[] = [];
    const known = await knownMessages(log, endsAt);
    for (const question of questionsFor({ endsAt, known })) {
      progress(`${count} messages: ${question.what}`);
      answered.push(await ask(log, question));
    }
    return { messages: count, fillSeconds, bytes: sizeOf(directory), answered };
  } finally {
    await log.close();
  }
}

interface Page {
  items?: { id: string; body: { msgId: string } }[];
  nextCursor?: string;
  scannedTo?: string;
}

/** One of each day. */
async function knownMessages(log: OpenLog, endsAt: number): Promise<Known[]> {
  const known: Known[] = [];
  for (let day = 0; day < days; day++) {
    const to = new Date(endsAt - day * 86_400_000).toISOString();
    const { items = [] } = await log.get<Page>(`/messages?${new URLSearchParams({ limit: '1', to })}`);
    known.push(...items.map(({ id, body: { msgId } }) => ({ id, msgId })));
  }
  return known;
}

async function ask(log: OpenLog, { what, atMost, path }: Question): Promise<Answered> {
  const answered: Answered = { what, atMost, took: [], requests: 0, isComplete: true };
  let spentMs = 0;
  for (let n = 0; n < askings && spentMs < longestMs; n++) {
    const { ms, requests, isComplete } = await wholeAnswer(log, path(n));
    spentMs += ms;
    answered.took.push(ms);
    answered.requests = Math.max(answered.requests, requests);
    answered.isComplete &&= isComplete;
  }
  return answered;
}

/** Follows a search that has used up its time until a page is full or the log is at its end. */
async function wholeAnswer(log: OpenLog, path: string) {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  let page = await log.get<Page>(path);
  let requests = 1;
  while (page.scannedTo !== undefined && page.nextCursor !== undefined && elapsed() < longestMs) {
    page = await log.get<Page>(`${path}&cursor=${encodeURIComponent(page.nextCursor)}`);
    requests++;
  }
  return { ms: elapsed(), requests, isComplete: page.scannedTo === undefined };
}

function sizeOf(directory: string): number {
  const files = readdirSync(directory).filter((name) => name.startsWith('message-manager'));
  return files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

const whole = new Intl.NumberFormat('en');

function describe({ messages, fillSeconds, bytes, answered }: Measured): string {
  const rows = answered.map(({ what, took, requests, isComplete }) => [
    what,
    median(took).toFixed(1),
    `${isComplete ? '' : 'more than '}${Math.max(...took).toFixed(1)}`,
    String(requests),
  ]);
  return [
    `**${whole.format(messages)} messages** of ${whole.format(fleetSize)} charge points in ${days} days, filled in ${fillSeconds.toFixed(0)} s; the files take ${whole.format(Math.round(megabytes(bytes)))} MiB and are in the page cache of the system. Pages of 50; a search that ends before its page is full is followed until it is, or until ${longestMs / 1000} s have passed.`,
    table(['question', 'median ms', 'worst ms', 'requests'], rows),
  ].join('\n\n');
}

function describeTextIndex({ without, withIndex }: TextIndexCost): string {
  const cost = ({ micros, bytes }: TextIndexCost['without']) => `${micros.toFixed(1)} µs and ${bytes.toFixed(0)} bytes`;
  return `The log has no index for text: a search for text reads what client and time leave over. With SQLite's FTS5 and trigrams a message would cost ${cost(withIndex)} instead of ${cost(without)} (one table in one thread, 100 rows a commit, without the log's other indexes).`;
}

/** The worst of a size and kind decides. */
function targets({ messages, answered }: Measured): Target[] {
  const kinds = Map.groupBy(answered, ({ atMost }) => atMost);
  return [...kinds].map(([atMost, own]) => {
    const missed = own.filter(({ took, isComplete }) => Math.max(...took) > atMost || !isComplete);
    const worst = Math.max(...own.flatMap(({ took }) => took));
    const names = missed.map(({ what }) => what).join('; ');
    return {
      target: `${own[0]?.what.startsWith('text') ? 'text within one client or 24 h' : 'lists and filters'} at ${whole.format(messages)} messages ≤ ${atMost} ms`,
      reached: `${worst.toFixed(0)} ms at worst${names === '' ? '' : `; over it: ${names}`}`,
      held: missed.length === 0,
    };
  });
}
