import type { Envelope } from '@ocpp-csms/bus';
import type { Handler, MessageFacts } from '@ocpp-csms/calls';
import { actionsOf, isJsonObject, ocppVersions } from '@ocpp-csms/ocpp';
import type { DeviceContext } from '../context.ts';
import type { Ending } from './command-store.ts';
import { finishCommand } from './end-command.ts';

export type CompleteCommand = (facts: MessageFacts & { payload: unknown }, context: DeviceContext) => Promise<void>;

/**
 * An answer of a charge point: ends the command, and once only lets its effects on our own state follow, all in the
 * transaction of `context`. It may come twice, by the log and directly: the second time nothing is left to do.
 */
export function createCompletion(effects: readonly Handler<DeviceContext>[]): CompleteCommand {
  return async (facts, context) => {
    const { envelope, version } = facts;
    if (envelope.answerTo === undefined) return;
    const command = await finishCommand(envelope.answerTo, endingOf(envelope), context);
    if (!command) return;
    const withRequest = { ...facts, envelope: { ...envelope, request: JSON.parse(command.payload) } };
    for (const effect of effects) {
      if (effect.action === command.action && effect.versions.includes(version))
        await effect.handle(withRequest, context);
    }
  };
}

function endingOf({ body }: Envelope): Ending {
  if (body.direction === 3) return { status: 'answered', response: body.messageBody };
  const error = isJsonObject(body.messageBody) ? body.messageBody : {};
  return {
    status: 'rejected',
    error: {
      code: String(error.errorCode ?? 'GenericError'),
      description: String(error.errorDescription ?? '').slice(0, 1000),
    },
  };
}

/** One handler for the answers to each action that we may send. */
export function completionHandlers(complete: CompleteCommand): Handler<DeviceContext>[] {
  return ocppVersions.flatMap((version) =>
    actionsOf(version)
      .filter(({ from, kind }) => from !== 'charge-point' && kind === 'call')
      .map(({ action }) => ({ kind: 'answer' as const, versions: [version], action, handle: complete })),
  );
}

/** All actions that are commands in any version: what is of interest among the messages that were sent. */
export function commandActions(): Set<string> {
  return new Set(
    ocppVersions.flatMap((version) =>
      actionsOf(version)
        .filter(({ from }) => from !== 'charge-point')
        .map(({ action }) => action),
    ),
  );
}
