import type { CommandResult } from '@ocpp-csms/api-client';

/** What a charge point made of a command, in a word and whether that is good. */
export interface AnswerWords {
  word: string;
  isGood: boolean;
  /** More, where there is more to say. */
  detail?: string;
}

type Result = Pick<CommandResult, 'response' | 'error'> & { status: CommandResult['status'] | 'refused' };

const words: Readonly<Record<Result['status'], string>> = {
  queued: 'waits',
  sent: 'sent, not answered yet',
  answered: 'answered',
  rejected: 'refused',
  refused: 'not sent',
  'timed-out': 'no answer in time',
  unknown: 'not known whether it arrived',
  expired: 'too late to be sent',
};

/** Of the answers that have a status, these mean that it was done, or will be. */
const good = new Set(['Accepted', 'Scheduled', 'Unlocked', 'RebootRequired']);

export function answerWords({ status, response, error }: Result): AnswerWords {
  if (error) return { word: words[status], isGood: false, detail: `${error.code}: ${error.description}` };
  if (status !== 'answered') return { word: words[status], isGood: status === 'queued' || status === 'sent' };
  const said = statusIn(response);
  return said === undefined ? { word: 'answered', isGood: true } : { word: said, isGood: good.has(said) };
}

function statusIn(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('status' in response)) return undefined;
  return typeof response.status === 'string' ? response.status : undefined;
}
