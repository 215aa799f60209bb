import { actionsOf, ocppVersions } from '@ocpp-csms/ocpp';
import { CallError, connectChargePoint, type TestChargePoint } from '@ocpp-csms/testing';
import { newToken, password, register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { shapes } from '../src/shapes.ts';
import { joined, startTransaction, stopTransaction } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { samplePayload, withEachReplaced } from './sample-payload.ts';
import { count, isReady, shortened } from './scene.ts';
import { withCsms } from './victim.ts';

/** JSON texts: some of these can't be made from a value. */
const poisons = [
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\'; drop table message; --"',
  '"__proto__"',
  '"../../../../etc/passwd"',
  '"{{7*7}}<script>alert(1)</script>"',
  '"=HYPERLINK(\\"http://evil\\")"',
  '"\\u202e\\ufeff\\u200b"',
  '"1970-01-01T00:00:00Z"',
  '"222222017-01-01T00:00:00Z"',
  '"12,5"',
  `"${'😀'.repeat(2000)}"`,
  '1e308',
  '-1e308',
  '1e400',
  '-0',
  '9007199254740993',
  '1e-320',
  'null',
  'true',
  '[]',
  '{}',
  '{"__proto__":{"polluted":true},"constructor":1,"toString":2}',
  `${'['.repeat(500)}${']'.repeat(500)}`,
];

/** Replaced in the JSON text of a payload by the poison itself. */
const mark = '@@poison@@';
const atOnce = 50;

export const poison: Fault = {
  name: 'poison in every field',
  does: `Every CALL that a charge point may make, in all three versions, with each of its fields in turn replaced by each of ${poisons.length} strings, numbers and structures that break programs (the short form: every 40th).`,
  holdsWhen:
    'each gets exactly one answer on a connection that stays, no InternalError, no message is parked, the system stays ready, and an honest transaction is kept',
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const { isLong, say } = run;
      const loggedBefore = csms.logLines.length;
      const frames = await framesWithPoison(isLong ? 1 : 40);
      const problems: string[] = [];
      let done = 0;
      for (const version of ocppVersions) {
        const own = frames.filter((frame) => frame.version === version);
        problems.push(...(await swallow(csms, version, own)));
        done += own.length;
        say(`${count(done)} of ${count(frames.length)} frames`);
      }
      problems.push(...(await stillSane(csms, loggedBefore)));
      return { problems: shortened(problems), figures: [`${count(frames.length)} poisoned frames, all answered`] };
    }),
};

type Version = (typeof ocppVersions)[number];

interface PoisonedFrame {
  version: Version;
  action: string;
  /** JSON. */
  payload: string;
}

async function framesWithPoison(every: number): Promise<PoisonedFrame[]> {
  const frames: PoisonedFrame[] = [];
  for (const version of ocppVersions) {
    for (const { action, from, kind } of actionsOf(version)) {
      if (kind !== 'call' || from === 'csms') continue;
      for (const payload of withEachReplaced(await samplePayload(version, action), mark)) {
        const text = JSON.stringify(payload);
        for (const value of poisons) frames.push({ version, action, payload: text.replace(`"${mark}"`, () => value) });
      }
    }
  }
  return frames.filter((_frame, index) => index % every === 0);
}

async function swallow(csms: RunningCsms, protocol: Version, frames: readonly PoisonedFrame[]): Promise<string[]> {
  const { networkId } = await register(csms);
  const problems: string[] = [];
  const chargePoint = await connectChargePoint({ url: csms.wsUrl, networkId, protocol, password, timeoutMs: 30_000 });
  for (let first = 0; first < frames.length; first += atOnce) {
    const some = frames.slice(first, first + atOnce);
    const answers = await Promise.all(some.map((frame, index) => problemOf(chargePoint, frame, `p-${first + index}`)));
    problems.push(...answers.filter((problem) => problem !== undefined));
    if (problems.length > 50) break;
  }
  if (new Set(chargePoint.answered.map(({ msgId }) => msgId)).size !== chargePoint.answered.length)
    problems.push(`${protocol}: an answer came twice`);
  await chargePoint.close();
  return problems;
}

async function problemOf(
  chargePoint: TestChargePoint<Version>,
  { version, action, payload }: PoisonedFrame,
  msgId: string,
): Promise<string | undefined> {
  const about = `${version} ${action} ${payload.slice(0, 300)}`;
  try {
    await chargePoint.callText(msgId, action, payload);
    return undefined;
  } catch (error) {
    if (!(error instanceof CallError)) return `${about}: ${String(error)}`;
    return error.code === 'InternalError' ? `${about}: InternalError ${error.description}` : undefined;
  }
}

async function stillSane(csms: RunningCsms, loggedBefore: number): Promise<string[]> {
  const problems: string[] = [];
  if (!(await isReady(csms))) problems.push('the system is not ready any more');
  const parked = await csms.api.get<{ items: unknown[] }>('/message-manager/parked-messages');
  if (parked.items.length > 0) problems.push(`parked: ${JSON.stringify(parked.items).slice(0, 500)}`);
  const faults = csms.logLines.slice(loggedBefore).filter((line) => /"level":(50|60|"error"|"fatal")/.test(line));
  problems.push(...faults.map((line) => `an error was logged: ${line.slice(0, 300)}`));
  const { networkId } = await register(csms);
  const honest = await joined({ url: csms.wsUrl, networkId });
  await stopTransaction(honest, await startTransaction(honest, await newToken(csms), 1000), 2000);
  await honest.close();
  return problems;
}
