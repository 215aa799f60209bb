import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { loadValidator, type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { adviceOnRefusal } from '../advice.ts';
import { createConformance } from '../conformance/conformance.ts';
import { type ConformanceReport, reportOn, reportText } from '../conformance/report.ts';
import { exitCodes, type SimulationOptions } from '../simulation.ts';
import { RecordingError, readRecording } from './read-recording.ts';
import { NotRecorded, record } from './record.ts';
import { recordText } from './record-report.ts';
import type { Recording } from './recording.ts';
import { type Replay, replay } from './replay.ts';
import { replayText } from './replay-report.ts';
import { writeRecording } from './write-recording.ts';

interface RecordFlags {
  from: string;
  client?: string;
  out?: string;
  version?: OcppVersion;
}

interface ReplayFlags {
  url: string;
  id: string;
  password?: string;
  speed: number | 'max';
  keepTimes?: boolean;
  timeout: number;
  json?: boolean;
}

const recordExamples = (calledAs: string) => `
Examples:
  curl -H "Authorization: Bearer $(cat data/admin.key)" \\
    "localhost:8080/message-manager/messages/export?client=CP001" > messages.jsonl
  ${calledAs} record --from messages.jsonl --out day.yaml
  zcat gateway.log.gz | ${calledAs} record --from - --client CP001 --out day.yaml

A log is our own export, or any text with OCPP-J messages in its lines. Passwords and keys are replaced by ***.
What did not get into the recording is told with its lines.

Exit codes: 0 recorded; 2 wrong usage, or nothing to record.`;

const replayExamples = (calledAs: string) => `
Examples:
  ${calledAs} replay day.yaml --url ws://127.0.0.1:8080/ocpp
  ${calledAs} replay day.yaml --id CP001 --password secret-of-CP001 --speed 60
  ${calledAs} replay day.yaml --speed max --json

Compared are the kind of each answer and its members; not what each CSMS has of its own (times, intervals, ids).

Exit codes: 0 no difference; 1 differences, or the CSMS broke the specification; 2 wrong usage;
3 connection refused; 5 no CSMS answers.`;

/** `record` and `replay`. `calledAs`: what is typed to get to the program, for the examples. */
export function addRecordingCommands(program: Command, calledAs: string): void {
  program
    .command('record')
    .description('Turns the message log of a real charge point into a recording that can be played again.')
    .requiredOption('--from <file>', 'the log; - for standard input')
    .option('--client <networkId>', 'which charge point, where the log has several')
    .option('--out <file>', 'where the recording goes; otherwise standard output')
    .addOption(new Option('--version <version>', 'OCPP version, where the log does not show it').choices(ocppVersions))
    .addHelpText('after', recordExamples(calledAs))
    .action(async (flags: RecordFlags) => {
      process.exitCode = await runRecord(flags);
    });
  program
    .command('replay')
    .description('Plays a recorded charge point before a CSMS, and compares the answers.')
    .argument('<file>', 'the recording')
    .option('--url <url>', 'WebSocket URL of the CSMS, without the identity', 'ws://127.0.0.1:8080/ocpp')
    .option('--id <id>', 'identity of the charge point (networkId)', 'CP-REPLAY')
    .option('--password <password>', 'for HTTP Basic')
    .option('--speed <factor>', 'recorded seconds in a real one; max: without any pause', factor, 1)
    .option('--keep-times', 'the times of the recording, instead of a day that ends now')
    .option('--timeout <seconds>', 'how long an answer is waited for', positive, 30)
    .option('--json', 'one JSON object for each event, and the report as the last')
    .addHelpText('after', replayExamples(calledAs))
    .action(async (file: string, flags: ReplayFlags) => process.exit(await runReplay(file, flags)));
}

const factor = (text: string): number | 'max' => (text === 'max' ? text : positive(text));

function positive(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('must be a number above 0');
  return Number(text);
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const note = (text: string) => process.stderr.write(`${text}\n`);

async function runRecord({ from, client, version, out }: RecordFlags): Promise<number> {
  try {
    const input = from === '-' ? process.stdin : createReadStream(from);
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    const recorded = await record(lines, { client, version, now: new Date() });
    const text = writeRecording(recorded.recording);
    if (out === undefined) process.stdout.write(text);
    else await writeFile(out, text);
    note(recordText(recorded));
    return exitCodes.ok;
  } catch (error) {
    return explain(error);
  }
}

/** What is wrong with what was asked for. */
function explain(error: unknown): number {
  const isFile = error instanceof Error && 'syscall' in error;
  if (!isFile && !(error instanceof NotRecorded) && !(error instanceof RecordingError)) throw error;
  note(error.message);
  return exitCodes.usage;
}

async function runReplay(file: string, flags: ReplayFlags): Promise<number> {
  let recording: Recording;
  try {
    recording = readRecording(await readFile(file, 'utf8'));
  } catch (error) {
    return explain(error);
  }
  const { id, json = false } = flags;
  const url = flags.url.replace(/\/+$/, '');
  const version = recording.protocol;
  const conformance = createConformance({
    id,
    version,
    validator: await loadValidator(version),
    now: () => new Date(),
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const played = await replay({
    ...flags,
    recording,
    url,
    keepTimes: flags.keepTimes ?? false,
    answerTimeoutMs: flags.timeout * 1000,
    watch: conformance,
    signal: stop.signal,
    say: printEvents(id, json),
  });
  const report = reportOn([conformance]);
  if (json) print(JSON.stringify({ event: 'report', ...played, conformance: report }));
  else print(`${endingText(played, { url, id })}${replayText(played, recording)}\n${reportText(report)}`);
  return exitCodeOf(played, report);
}

function endingText({ ending, status }: Replay, { url, id }: { url: string; id: string }): string {
  if (ending === 'played' || ending === 'stopped') return '';
  return `${adviceOnRefusal(status, { url, id, reason: status === undefined ? 'no connection' : '' })}\n`;
}

const interrupted = 130;

function exitCodeOf({ ending, differences }: Replay, { findings }: ConformanceReport): number {
  if (ending === 'refused') return exitCodes.refused;
  if (ending === 'unreachable') return exitCodes.unreachable;
  if (ending === 'stopped') return interrupted;
  return differences.length + findings.length > 0 ? exitCodes.violations : exitCodes.ok;
}

function printEvents(id: string, json: boolean): SimulationOptions['say'] {
  return (event, message, details = {}) => {
    const time = new Date().toISOString();
    print(json ? JSON.stringify({ time, id, event, message, ...details }) : `${time.slice(11, 19)} ${id}  ${message}`);
  };
}
