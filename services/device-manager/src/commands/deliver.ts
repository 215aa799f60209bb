import { type Bus, BusError, type Envelope } from '@ocpp-csms/bus';
import type { ConnectionEntry } from '@ocpp-csms/cache';
import type { Clock } from '@ocpp-csms/runtime';
import type { CommandTable } from '../schema.ts';
import type { Ending } from './command-store.ts';
import { notSent, queueFull } from './result.ts';

const sendTimeoutMs = 5000;

export interface Delivery {
  command: CommandTable;
  kind: 'call' | 'send';
  /** As it goes to the charge point, not redacted. */
  payload: unknown;
  connection: ConnectionEntry;
  traceparent?: string | undefined;
}

/** Hands a command to the node that holds the connection. Returns how it ended, if it was refused there. */
export async function deliver(
  { command, kind, payload, connection, traceparent }: Delivery,
  { bus, clock, replyTo }: { bus: Bus; clock: Clock; replyTo: string },
): Promise<Ending | undefined> {
  const envelope: Envelope = {
    serverNode: connection.node,
    client: command.network_id,
    messageTime: clock.now().toISOString(),
    body: {
      direction: kind === 'send' ? 6 : 2,
      msgId: command.command_id,
      messageType: command.action,
      messageBody: payload,
    },
    id: command.command_id,
    origin: 'server',
    connection: connection.epoch,
    protocol: connection.protocol,
    notAfter: command.not_after,
    replyTo,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  try {
    await bus.send(connection.node, envelope, { timeoutMs: sendTimeoutMs });
    return undefined;
  } catch (error) {
    return endingOf(error, connection.node);
  }
}

function endingOf(error: unknown, node: string): Ending | undefined {
  if (!(error instanceof BusError)) throw error;
  if (error.code === 'NobodyThere')
    return refused(notSent, `the node ${node}, which held the connection, is not there`);
  if (error.code === 'Refused')
    return refused(/\bfull\b|too many/i.test(error.message) ? queueFull : notSent, error.message);
  // It may have been taken all the same: what comes of it will be told, or its time runs out.
  if (error.code === 'Timeout') return undefined;
  return refused(notSent, error.message);
}

const refused = (code: string, description: string): Ending => ({ status: 'rejected', error: { code, description } });
