import type { ConnectionDirectory } from '@ocpp-csms/cache';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { type Background, createBackground } from '../background.ts';
import type { CommandTable, DeviceSchema } from '../schema.ts';
import type { Transact } from '../transact.ts';
import type { Commands } from './commands.ts';
import { finishCommand } from './end-command.ts';
import { notSent } from './result.ts';

export interface OfflineQueueOptions {
  database: Database<DeviceSchema>;
  transact: Transact;
  connections: ConnectionDirectory;
  commands: Pick<Commands, 'sendQueued'>;
  clock: Clock;
  log: Log;
  /** A charge point that reconnects without booting is left alone for so long. */
  settleMs: number;
}

/** Commands that wait for their charge point, sent in order, one after the other, once it is there and has settled. */
export interface OfflineQueue {
  /** Finds what an earlier run, or another instance, has left. */
  load(): Promise<void>;
  added(networkId: string): void;
  /** It has booted and was accepted: nothing stands in the way any more. */
  settled(networkId: string): void;
  /** Looks whether one of those who are waited for is there. */
  tick(): Promise<void>;
  stop(timeoutMs: number): Promise<void>;
}

/** Charge points that are looked after at a time; the others have their turn when these are done. */
const mostLoaded = 10_000;

export function createOfflineQueue(options: OfflineQueueOptions): OfflineQueue {
  const { database, transact, connections, commands, clock, log, settleMs } = options;
  const waiting = new Set<string>();
  const background: Background = createBackground({ what: 'Sending queued commands', atOnce: 50, log, work: sendAll });

  async function sendAll(networkId: string): Promise<void> {
    for (;;) {
      const command = await next(networkId);
      if (!command) return void waiting.delete(networkId);
      const connection = await connections.get(networkId);
      if (!connection) return;
      if (connection.protocol === command.protocol) {
        const taken = await commands.sendQueued(command, connection);
        if (!taken) return;
      } else
        await refuse(
          command,
          `it was made for ${command.protocol}, and the charge point speaks ${connection.protocol} now`,
        );
    }
  }

  function next(networkId: string): Promise<CommandTable | undefined> {
    return database.read
      .selectFrom('command')
      .selectAll()
      .where('network_id', '=', networkId)
      .where('finished_at', 'is', null)
      .where('handed_at', 'is', null)
      .where('not_after', '>', clock.now().toISOString())
      .orderBy('command_id')
      .executeTakeFirst();
  }

  async function refuse({ command_id, network_id }: CommandTable, description: string): Promise<void> {
    const error = { code: notSent, description };
    await transact((context) => finishCommand(command_id, { status: 'rejected', error }, context), [network_id]);
  }

  return {
    async load() {
      const rows = await database.read
        .selectFrom('command')
        .select('network_id')
        .distinct()
        .where('finished_at', 'is', null)
        .where('handed_at', 'is', null)
        .limit(mostLoaded)
        .execute();
      for (const { network_id } of rows) waiting.add(network_id);
    },
    added: (networkId) => void waiting.add(networkId),
    settled(networkId) {
      if (waiting.has(networkId)) background.request(networkId);
    },
    async tick() {
      const now = clock.now().getTime();
      for (const networkId of waiting) {
        const connection = await connections.get(networkId);
        if (connection && Date.parse(connection.since) + settleMs <= now) background.request(networkId);
      }
    },
    stop: (timeoutMs) => background.stop(timeoutMs),
  };
}
