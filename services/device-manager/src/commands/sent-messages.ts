import type { Envelope } from '@ocpp-csms/bus';
import { actionInfo } from '@ocpp-csms/ocpp';
import type { DeviceContext } from '../context.ts';
import { findCommand } from './command-store.ts';
import { finishCommand } from './end-command.ts';
import { notSent } from './result.ts';

/** What csms-server wrote to a socket, or did not write after all: the commands among it. */
export async function noteSentCommands(batch: readonly Envelope[], context: DeviceContext): Promise<void> {
  for (const envelope of batch) {
    const { body, dropped } = envelope;
    if (body.direction !== 2 && body.direction !== 6) continue;
    if (dropped === undefined) await noteSent(envelope, context);
    else await noteDropped(envelope.id, dropped, context);
  }
}

async function noteSent({ id, messageTime, body, protocol }: Envelope, context: DeviceContext): Promise<void> {
  const { tx } = context;
  await tx
    .updateTable('command')
    .set({ sent_at: messageTime })
    .where('command_id', '=', id)
    .where('sent_at', 'is', null)
    .execute();
  await tx
    .updateTable('command')
    .set({ status: 'sent' })
    .where('command_id', '=', id)
    .where('status', '=', 'queued')
    .execute();
  // A SEND has no answer (J21 §4.2.4): written is all that there is to know.
  const isSend = protocol !== undefined && actionInfo(protocol, body.messageType)?.kind === 'send';
  if (isSend) await finishCommand(id, { status: 'answered' }, context);
}

async function noteDropped(commandId: string, dropped: string, context: DeviceContext): Promise<void> {
  const command = await findCommand(context.tx, commandId);
  if (!command) return;
  const late = Date.parse(command.not_after) <= context.clock.now().getTime();
  const error = { code: notSent, description: dropped };
  await finishCommand(commandId, { status: late ? 'expired' : 'rejected', error }, context);
}
