import { clauseOfMessage } from './clauses.ts';

export interface Lint {
  /** What is wrong, in words. */
  words: string;
  /** Where the specification says so. */
  clause: string | undefined;
}

interface Said {
  protocol: string | undefined;
  action: string;
  /** 2 CALL, 3 CALLRESULT, 4 CALLERROR … */
  direction: number;
}

/** The rules of packages/ocpp, and those that csms-server adds. */
const words: Readonly<Record<string, string>> = {
  'bad-element': 'an element of a list cannot be used',
  'too-few': 'too few elements',
  'too-long': 'longer than allowed',
  'too-many': 'too many elements',
  'unknown-action': 'no action of this version',
  'unknown-member': 'a member that the message does not have',
  answer: 'an answer that cannot be read',
  enum: 'none of the allowed values',
  format: 'not in the format that is asked for',
  frame: 'not a frame as OCPP-J has it',
  late: 'an answer that came too late',
  missing: 'a required member is missing',
  more: 'more than are listed',
  null: 'null where there must be a value, or nothing',
  range: 'outside the allowed range',
  refused: 'refused',
  repeat: 'a CALL that was repeated',
  type: 'of the wrong type',
  unsolicited: 'an answer to nothing that was asked',
};

const j: Readonly<Record<string, string>> = { 'ocpp1.6': '1.6J', 'ocpp2.0.1': '2.0.1 Part 4', 'ocpp2.1': '2.1 Part 4' };

/** Rules about frames and their order, by the clause of OCPP-J; the same in each version. */
const frameClauses: Readonly<Record<string, string>> = {
  frame: '§4.2',
  late: '§4.1.1',
  repeat: '§4.1.4',
  unsolicited: '§4.1.4',
  'unknown-action': '§4.2.1',
};

export function lintOf(rule: string, { protocol = 'ocpp1.6', action, direction }: Said): Lint {
  const inFrame = Object.hasOwn(frameClauses, rule) ? frameClauses[rule] : undefined;
  return {
    words: Object.hasOwn(words, rule) ? (words[rule] ?? rule) : rule,
    clause:
      inFrame === undefined
        ? clauseOfMessage(protocol, action, direction === 3)
        : `${j[protocol] ?? '1.6J'} ${inFrame}`,
  };
}
