import { type JsonObject, OcppError, type OcppVersion, type RpcErrorCode, spellErrorCode } from '@ocpp-csms/ocpp';
import type { SimulationOptions } from '../simulation.ts';
import type { GivenIds } from './given-ids.ts';
import { createNeutralAnswers } from './neutral-answer.ts';
import { createRecordedAnswers } from './recorded-answers.ts';
import type { Answer, Recording } from './recording.ts';

export interface CallAnswersOptions {
  recording: Recording;
  ids: GivenIds;
  /** Makes a recorded payload one of this replay. */
  adapt(payload: JsonObject): JsonObject;
  say: SimulationOptions['say'];
}

/** What the played charge point answers to CALLs of the CSMS. */
export interface CallAnswers {
  answer(action: string, payload: JsonObject): JsonObject | OcppError | undefined;
  /** Actions that were recorded, and that the CSMS did not ask for now. */
  notSent(): string[];
  /** Actions that the CSMS asked for, and that were not recorded. */
  readonly unknown: readonly string[];
}

/** As it was recorded; what was not recorded gets a neutral answer. */
export async function createCallAnswers({ recording, ids, adapt, say }: CallAnswersOptions): Promise<CallAnswers> {
  const { steps, protocol } = recording;
  const recorded = createRecordedAnswers(steps);
  const neutral = await createNeutralAnswers(protocol);
  const unknown: string[] = [];
  return {
    answer(action, payload) {
      const step = recorded.take(action, payload);
      if (step === undefined) unknown.push(action);
      else ids.learnFromCalls(step.payload, payload);
      const { answer } = step ?? {};
      const isRecorded = answer !== undefined;
      say('command', `the CSMS sent ${action}: ${isRecorded ? 'answered as recorded' : 'a neutral answer'}`, {
        action,
        isRecorded,
      });
      return isRecorded ? replyOf(answer, protocol, adapt) : neutral(action, payload);
    },
    notSent: () => recorded.left.map(({ action }) => action),
    unknown,
  };
}

const errorCodes = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormatViolation',
  'PropertyConstraintViolation',
  'OccurrenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
  'MessageTypeNotSupported',
  'RpcFrameworkError',
] as const satisfies readonly RpcErrorCode[];

function replyOf(answer: Answer, protocol: OcppVersion, adapt: CallAnswersOptions['adapt']): JsonObject | OcppError {
  if ('result' in answer) return adapt(answer.result);
  const { code, description } = answer.error;
  const known = errorCodes.find((name) => name === code || spellErrorCode(protocol, name) === code);
  return new OcppError(known ?? 'GenericError', description);
}
