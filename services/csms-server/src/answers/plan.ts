import type { RegistrationStatus } from '@ocpp-csms/cache';
import type { JsonObject } from '@ocpp-csms/ocpp';

/** What an answer of the edge may say. */
export interface AnswerFacts {
  /** ISO 8601 UTC with milliseconds. */
  now: string;
  registration: RegistrationStatus;
  heartbeatIntervalSeconds: number;
}

/** What becomes of a CALL of a charge point. */
export type Plan =
  /** csms-server answers: the answer carries no decision. */
  | { kind: 'edge'; answer(facts: AnswerFacts): object; tellsTime?: boolean }
  /** Nobody decides this yet: csms-server answers at once with what does the least harm. */
  | { kind: 'neutral'; answer: NeutralAnswer }
  /**
   * A service decides. When it does not in time, `neutral` answers; undefined: there is no harmless answer, and the
   * socket is closed (design.md §6).
   */
  | { kind: 'decision'; owner: 'session' | 'device-manager'; neutral: NeutralAnswer };

/** `now` is ISO 8601 UTC with milliseconds. */
export type NeutralAnswer = (request: JsonObject, now: string) => object | undefined;
