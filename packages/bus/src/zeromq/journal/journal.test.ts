import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Journal, type JournalOptions } from './journal.ts';
import { contentOf, encodeRecord, type JournalRecord } from './record.ts';

const MEBIBYTE = 1024 * 1024;

test('goes on after a restart with the numbers and places where it was', async () => {
  const directory = await newDirectory();
  const first = await openJournal({ directory });
  await appendAll(first, 1, 10);
  const { end, nextIndex, id } = first;
  await first.close();
  const second = await openJournal({ directory });
  expect({ end: second.end, nextIndex: second.nextIndex, id: second.id }).toEqual({ end, nextIndex, id });
  await appendAll(second, 11, 20);
  const records = await readAll(second);
  expect(records.map(contentOf)).toEqual(Array.from({ length: 20 }, (_, at) => `${at + 1}`));
  expect(records.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  expect(records[0]).toMatchObject({ topic: 'MessagesIn', client: 'cp-ä', kind: 'Heartbeat' });
});

test('a last message that was written in part is cut off, those before it are there', async () => {
  const directory = await newDirectory();
  const warnings: string[] = [];
  const first = await openJournal({ directory });
  await appendAll(first, 1, 10);
  await first.close();
  const [file = ''] = await journalFiles(directory);
  await truncate(file, first.end - 3);
  const second = await openJournal({
    directory,
    log: { warn: (_, line) => void warnings.push(line), error: () => {} },
  });
  expect(warnings).toEqual([expect.stringContaining('never acknowledged and is cut off')]);
  await appendAll(second, 10, 12);
  expect((await readAll(second)).map(contentOf).map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('a message that is damaged on the disk costs its own file at most, and that is said', async () => {
  const directory = await newDirectory();
  const errors: object[] = [];
  const first = await openJournal({ directory, maxBytes: MEBIBYTE });
  await appendAll(first, 1, 30, 10_000);
  await first.close();
  const files = await journalFiles(directory);
  expect(files.length).toBeGreaterThan(2);
  const handle = await open(files[0] ?? '', 'r+');
  await handle.write('damage', 25_000);
  await handle.close();
  const log = { warn: () => {}, error: (details: object) => void errors.push(details) };
  const second = await openJournal({ directory, maxBytes: MEBIBYTE, log });
  const read = (await readAll(second)).map((record) => Number(contentOf(record)));
  expect(read.slice(0, 2)).toEqual([1, 2]);
  expect(read.at(-1)).toBe(30);
  expect(read.length).toBeGreaterThan(20);
  expect(errors).toEqual([expect.objectContaining({ file: files[0], reason: 'a wrong checksum' })]);
});

test('files that nobody needs are deleted, and the numbers go on after a restart', async () => {
  const directory = await newDirectory();
  const first = await openJournal({ directory, maxBytes: MEBIBYTE });
  await appendAll(first, 1, 30, 10_000);
  const before = (await journalFiles(directory)).length;
  await first.release(first.end);
  expect((await journalFiles(directory)).length).toBe(1);
  expect(before).toBeGreaterThan(2);
  const { nextIndex, end } = first;
  await first.close();
  const second = await openJournal({ directory, maxBytes: MEBIBYTE });
  expect({ nextIndex: second.nextIndex, end: second.end }).toEqual({ nextIndex, end });
});

test('a message larger than one read is read whole', async () => {
  const directory = await newDirectory();
  const first = await openJournal({ directory });
  await first.append(recordOf(JSON.stringify('x'.repeat(3 * MEBIBYTE))));
  await appendAll(first, 2, 3);
  await first.close();
  const second = await openJournal({ directory });
  expect((await readAll(second)).map(({ bytes }) => bytes.length > MEBIBYTE)).toEqual([true, false, false]);
});

test('says who holds it up when it is full', async () => {
  const journal = await openJournal({ maxBytes: 100_000, whoNeeds: () => 'session@node-1' });
  await appendAll(journal, 1, 9, 10_000);
  await expect(journal.append(recordOf('"x"', 20_000))).rejects.toMatchObject({
    code: 'Full',
    message: expect.stringContaining('the oldest for session@node-1; no more is taken'),
  });
});

test('a disk that is full refuses what does not fit, keeps what was taken, and takes more once there is room', async (context) => {
  const directory = await newDirectory();
  await mkdir(join(directory, 'disk'));
  const disk = join(directory, 'disk');
  if (!mountSmallDisk(disk)) return context.skip('needs the right to mount a tmpfs of 1 MB');
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  const lines: string[] = [];
  const log = {
    warn: (_: object, line: string) => void lines.push(line),
    error: (_: object, line: string) => void lines.push(line),
  };
  const journal = await openJournal({ directory: disk, log });
  await writeFile(join(disk, 'other'), Buffer.alloc(MEBIBYTE / 2));
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => append(journal, at + 1, 10_000)));
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  await append(journal, 1000, 10_000);
  const singly = await Promise.allSettled([append(journal, 1001, 600_000), append(journal, 1002, 10)]);
  expect(singly.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await rm(join(disk, 'other'));
  await append(journal, 1003, 10_000);
  expect(lines).toEqual([
    expect.stringContaining('Is the disk full?'),
    'The journal is written again',
    expect.stringContaining('Is the disk full?'),
    'The journal is written again',
  ]);
  await journal.close();
  const again = await openJournal({ directory: disk });
  expect((await readAll(again)).map((record) => Number(contentOf(record)))).toEqual([1000, 1003]);
});

test('a journal of a newer format is refused in words, and stays as it is', async () => {
  const directory = await newDirectory();
  const journal = await openJournal({ directory });
  await append(journal, 1, 0);
  await journal.close();
  await writeFile(join(directory, 'format'), '2\n');
  const before = await readdir(directory);
  await expect(openJournal({ directory })).rejects.toMatchObject({
    message: expect.stringMatching(
      /was written by a newer version of ocpp-csms \(format 2, this version knows up to 1\)/,
    ),
    advice: expect.stringContaining('Start that version or a later one'),
  });
  expect(await readdir(directory)).toEqual(before);
  await writeFile(join(directory, 'format'), '1\n');
  expect((await readAll(await openJournal({ directory }))).map((record) => Number(contentOf(record)))).toEqual([1]);
});

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'journal-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function openJournal(options: Partial<JournalOptions>): Promise<Journal> {
  const journal = await Journal.open({
    directory: options.directory ?? (await newDirectory()),
    maxBytes: 64 * MEBIBYTE,
    maxPendingBytes: 64 * MEBIBYTE,
    sync: true,
    log: undefined,
    onCommit: () => {},
    whoNeeds: () => 'nobody',
    ...options,
  });
  onTestFinished(() => journal.close());
  return journal;
}

function recordOf(json: string, paddingBytes = 0) {
  const record = { topic: 'MessagesIn', client: 'cp-ä', kind: 'Heartbeat' } as const;
  return { ...record, bytes: encodeRecord('MessagesIn', 'cp-ä', 'Heartbeat', json + ' '.repeat(paddingBytes)) };
}

function append(journal: Journal, number: number, paddingBytes: number): Promise<void> {
  return journal.append(recordOf(`${number}`, paddingBytes));
}

async function appendAll(journal: Journal, from: number, to: number, paddingBytes = 0): Promise<void> {
  // One after the other, so that each is a write of its own.
  for (let number = from; number <= to; number++) await append(journal, number, paddingBytes);
}

async function readAll(journal: Journal): Promise<JournalRecord[]> {
  const read: JournalRecord[] = [];
  for (let position = journal.oldest.position; position < journal.end; ) {
    const { records, next } = await journal.read(position);
    read.push(...records);
    position = next;
  }
  return read;
}

async function journalFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => name.endsWith('.journal'))
    .sort()
    .map((name) => join(directory, name));
}

function mountSmallDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
