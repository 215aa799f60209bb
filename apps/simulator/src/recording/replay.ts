import { setTimeout as wait } from 'node:timers/promises';
import { isJsonObject, type JsonObject, redact } from '@ocpp-csms/ocpp';
import type { FrameWatch, SimulationOptions } from '../simulation.ts';
import { type CallAnswers, createCallAnswers } from './call-answers.ts';
import { type AnswerDifference, compareAnswers, differenceText } from './compare-answers.ts';
import { createGivenIds, type GivenIds } from './given-ids.ts';
import type { Answer, Recording, Step } from './recording.ts';
import { type Connection, HandshakeRefused, type Outcome, openConnection } from './replay-connection.ts';
import { type Shift, shiftTimes } from './times.ts';

export interface ReplayOptions {
  recording: Recording;
  /** Up to the identity: `ws://127.0.0.1:8080/ocpp`. */
  url: string;
  /** The networkId that it is played as. */
  id: string;
  password?: string;
  /** Recorded seconds in a real one; `max`: each message as soon as the one before is answered. */
  speed: number | 'max';
  /** Times as they were recorded; otherwise the day ends when the replay does. */
  keepTimes: boolean;
  answerTimeoutMs?: number;
  watch?: FrameWatch;
  /** Ends it early. */
  signal: AbortSignal;
  say: SimulationOptions['say'];
}

export interface Difference extends AnswerDifference {
  /** Of the recording: 1 … */
  step: number;
  /** Seconds after its start. */
  at: number;
  action: string;
}

export interface Ending {
  /** `refused`: with this HTTP status; `unreachable`: nobody answers. */
  ending: 'played' | 'stopped' | 'refused' | 'unreachable';
  status?: number;
}

export interface Replay extends Ending {
  /** Messages of the charge point in the recording, and how many of them were sent. */
  messages: number;
  sent: number;
  /** Answers that were held against recorded ones. */
  compared: number;
  differences: Difference[];
  /** What is worth knowing, and no difference. */
  notes: string[];
}

/** Plays the charge point of a recording before a CSMS, and compares what it answers. */
export async function replay(options: ReplayOptions): Promise<Replay> {
  const { recording, url, password, answerTimeoutMs, watch, signal, say } = options;
  const ids = createGivenIds();
  const shift = options.keepTimes ? undefined : shiftOf(options, Date.now());
  const adapt = (payload: JsonObject) => {
    const mapped = ids.replaceIn(payload);
    return shift === undefined ? mapped : shiftTimes(mapped, shift);
  };
  const answers = await createCallAnswers({ recording, ids, adapt, say });
  const comparison = createComparison(ids, say);
  const connection = openConnection({
    url,
    networkId: options.id,
    version: recording.protocol,
    password,
    watch,
    answerTimeoutMs,
    signal,
    answer: answers.answer,
    onOpen: () => say('connected', `connected to ${url}`),
    onClosed: (code, reason) => say('disconnected', `disconnected (${code} ${reason})`, { code, reason }),
  });
  const ending = await play(options, { connection, adapt, judge: comparison.judge });
  connection.close();
  const { sent, compared, differences } = comparison;
  const messages = recording.steps.filter(({ from }) => from === 'charge-point').length;
  return {
    ...ending,
    messages,
    sent,
    compared,
    differences,
    notes: notesOn(recording.steps, messages - sent, answers),
  };
}

interface Comparison {
  readonly sent: number;
  readonly compared: number;
  readonly differences: Difference[];
  judge(step: Step, index: number, outcome: Outcome): void;
}

function createComparison(ids: GivenIds, say: ReplayOptions['say']): Comparison {
  const differences: Difference[] = [];
  let sent = 0;
  let compared = 0;
  return {
    differences,
    get sent() {
      return sent;
    },
    get compared() {
      return compared;
    },
    judge({ action, at, answer: recorded }, index, { answer, why }) {
      sent++;
      if (recorded === undefined) return;
      compared++;
      const now = answer === undefined ? undefined : withoutSecrets(action, answer);
      if (now !== undefined && 'result' in now && 'result' in recorded)
        ids.learnFromAnswers(recorded.result, now.result);
      for (const found of compareAnswers(recorded, now, why)) {
        const difference = { step: index + 1, at, action, ...found };
        differences.push(difference);
        say('difference', `${action} is answered otherwise: ${differenceText(found)}`, { ...difference });
      }
    },
  };
}

/** As the recording has none. */
function withoutSecrets(action: string, answer: Answer): Answer {
  if ('error' in answer) return answer;
  const safe = redact(action, answer.result);
  return { result: isJsonObject(safe) ? safe : {} };
}

interface Part {
  connection: Connection;
  adapt(payload: JsonObject): JsonObject;
  judge: Comparison['judge'];
}

/** In their order and at their pace; an answer that takes longer than that holds up what follows. */
async function play({ recording, speed, signal }: ReplayOptions, part: Part): Promise<Ending> {
  const { connection, adapt, judge } = part;
  try {
    await connection.ready();
    const start = performance.now();
    for (const [index, step] of recording.steps.entries()) {
      const untilThen = speed === 'max' ? 0 : start + (step.at * 1000) / speed - performance.now();
      if (untilThen > 0) await wait(untilThen, undefined, { signal });
      if (step.reconnects) await connection.renew();
      if (step.from === 'csms') continue;
      await connection.ready();
      const outcome = await connection.say(step.action, adapt(step.payload));
      signal.throwIfAborted();
      judge(step, index, outcome);
    }
    return { ending: 'played' };
  } catch (error) {
    return endingBy(error, signal);
  }
}

function endingBy(error: unknown, signal: AbortSignal): Ending {
  if (signal.aborted) return { ending: 'stopped' };
  if (!(error instanceof HandshakeRefused)) throw error;
  return error.status === undefined ? { ending: 'unreachable' } : { ending: 'refused', status: error.status };
}

const farOffMs = 60 * 86_400_000;

/** So that nothing lies in the future, however fast it is played: the recorded end is the end of the replay. */
function shiftOf({ recording: { startedAt, steps }, speed }: ReplayOptions, now: number): Shift {
  const start = Date.parse(startedAt);
  const lengthMs = (steps.at(-1)?.at ?? 0) * 1000;
  const end = start + lengthMs;
  const endNow = now + (speed === 'max' ? 0 : lengthMs / speed);
  return { seconds: Math.floor((endNow - end) / 1000), from: start - farOffMs, to: end + farOffMs };
}

function notesOn(steps: readonly Step[], notPlayed: number, { notSent, unknown }: CallAnswers): string[] {
  const incomparable = steps
    .filter(({ from, answer }) => from === 'charge-point' && answer === undefined)
    .map(({ action }) => action);
  return [
    notPlayed > 0 ? `Messages of the charge point that were not sent: ${notPlayed}.` : undefined,
    noteOn('Without a recorded answer', incomparable),
    noteOn('CALLs of the CSMS recorded, but not sent now', notSent()),
    noteOn('CALLs of the CSMS that were not recorded', unknown),
  ].filter((note) => note !== undefined);
}

function noteOn(what: string, actions: readonly string[]): string | undefined {
  if (actions.length === 0) return undefined;
  const counts = [...Map.groupBy(actions, (action) => action)].map(([action, { length }]) =>
    length === 1 ? action : `${length} × ${action}`,
  );
  return `${what}: ${counts.join(', ')}.`;
}
