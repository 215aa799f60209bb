import type { ResponseOf } from '@ocpp-csms/ocpp';
import type { AnswerFacts } from './plan.ts';

/** Longest pause in seconds before a charge point that is not accepted asks again (B02.FR.08, B03.FR.06; 1.6 §4.2). */
const longestRetrySeconds = 60;

/** The registration is state of the charge point, set by an operator; a boot only tells it (design.md §8). */
export function bootNotification({
  now,
  registration,
  heartbeatIntervalSeconds,
}: AnswerFacts): ResponseOf<'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1', 'BootNotification'> {
  const interval =
    registration === 'Accepted' ? heartbeatIntervalSeconds : Math.min(heartbeatIntervalSeconds, longestRetrySeconds);
  return { status: registration, currentTime: now, interval };
}
