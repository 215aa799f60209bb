import type { ResponseOf } from '@ocpp-csms/ocpp';
import type { AnswerFacts } from './plan.ts';

/** 1.6 §4.6, G02. With milliseconds: some charge points drop the link when they are missing. */
export function heartbeat({ now }: AnswerFacts): ResponseOf<'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1', 'Heartbeat'> {
  return { currentTime: now };
}
