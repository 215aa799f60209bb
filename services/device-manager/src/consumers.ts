import type { Subscription } from '@ocpp-csms/bus';
import { consumeCalls } from '@ocpp-csms/calls';
import { commandActions, completionHandlers } from './commands/complete-command.ts';
import { noteSentCommands } from './commands/sent-messages.ts';
import { noteUnansweredCalls } from './commands/unanswered-calls.ts';
import { handlers } from './handlers.ts';
import type { Parts } from './parts.ts';
import { connectionEvents, noteConnections } from './registry/connection-events.ts';
import { serveSubjects } from './serve.ts';
import { hearOthers } from './tell-others.ts';

const group = 'device-manager';

const clientsOf = (batch: readonly { client: string }[]): string[] => batch.map(({ client }) => client);

/** What happened. The others publish events of their own, which wait for this one: it comes first and goes last. */
export function consumeEvents({ bus, transact }: Parts): Promise<Subscription> {
  return bus.consume(
    'Events',
    group,
    (batch) =>
      transact(async (context) => {
        await noteConnections(batch, context);
        await noteUnansweredCalls(batch, context);
      }, clientsOf(batch)),
    { only: connectionEvents },
  );
}

/** What charge points say, what was written to them, and what other services ask. */
export async function consumeMessages(parts: Parts): Promise<Subscription[]> {
  const { bus, transact, newId, clock, log, nodeName, commands, replyTo, complete, reports, tracer } = parts;
  const noteSent: Parameters<typeof bus.consume<'MessagesSent'>>[2] = (batch) =>
    transact((context) => noteSentCommands(batch, context), clientsOf(batch));
  return [
    await hearOthers(bus, nodeName, (told) =>
      'command' in told ? commands.noteFinished(told.command) : reports.tell(told.report),
    ),
    await bus.receive(replyTo, (envelope) => commands.takeAnswer(envelope)),
    await consumeCalls({
      bus,
      group,
      node: nodeName,
      handlers: [...handlers, ...completionHandlers(complete)],
      transact,
      newId,
      now: () => clock.now(),
      log,
      tracer,
    }),
    await bus.consume('MessagesSent', group, noteSent, { only: commandActions() }),
    ...(await serveSubjects(parts)),
  ];
}
