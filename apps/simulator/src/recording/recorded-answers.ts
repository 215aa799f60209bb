import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@ocpp-csms/ocpp';
import type { Step } from './recording.ts';

/** What the charge point answered in the recording. */
export interface RecordedAnswers {
  /** The CALL of the recording that fits best: the same payload, else the next of its action, else the last one again. */
  take(action: string, payload: JsonObject): Step | undefined;
  /** CALLs that were recorded and not sent now. */
  readonly left: readonly Step[];
}

export function createRecordedAnswers(steps: readonly Step[]): RecordedAnswers {
  const left = steps.filter(({ from }) => from === 'csms');
  const used: Step[] = [];
  return {
    left,
    take(action, payload) {
      const candidates = left.filter((step) => step.action === action);
      const next = candidates.find((step) => isDeepStrictEqual(step.payload, payload)) ?? candidates[0];
      if (next === undefined) return used.findLast((step) => step.action === action);
      left.splice(left.indexOf(next), 1);
      used.push(next);
      return next;
    },
  };
}
