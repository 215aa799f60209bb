import type { Bus, Envelope } from '@ocpp-csms/bus';
import type { ConnectionDirectory, ConnectionEntry } from '@ocpp-csms/cache';
import type { CommandResult } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';
import { type OcppVersion, redact } from '@ocpp-csms/ocpp';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import type { DeviceContext } from '../context.ts';
import type { AuthMirror } from '../registry/auth-mirror.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';
import type { RandomBytes } from '../registry/credentials.ts';
import type { ChargePointTable, CommandTable, DeviceSchema } from '../schema.ts';
import type { Transact } from '../transact.ts';
import { checkCommand, checkRegistration, mayWait } from './check-command.ts';
import { claimQueued } from './claim-queued.ts';
import { type Ending, findCommand } from './command-store.ts';
import type { CompleteCommand } from './complete-command.ts';
import { deliver } from './deliver.ts';
import { finishCommand } from './end-command.ts';
import { findRepeated, type IdempotentRequest, idempotencyLock, requestHash } from './idempotency.ts';
import { passwordIn, stagePassword } from './password-change.ts';
import { notSent, resultOf } from './result.ts';
import type { Waiters } from './waiters.ts';

export interface ExecuteRequest {
  /** chargePointId or networkId. */
  chargePoint: string;
  action: string;
  payload: unknown;
  requestedBy: string;
  /** The version to check for while the charge point is not connected; without it, the one that it spoke last. */
  version?: OcppVersion;
  /** How long to wait for the answer; 0: not at all. Without it, until the outcome is known or can't be known. */
  waitMs?: number;
  /** While it is not connected: keep the command for so long. */
  queueForMs?: number;
  idempotencyKey?: string;
  /** W3C trace context of the request. */
  traceparent?: string | undefined;
}

export interface CommandOptions {
  database: Database<DeviceSchema>;
  transact: Transact;
  bus: Bus;
  connections: ConnectionDirectory;
  clock: Clock;
  newId: () => string;
  random: RandomBytes;
  mirror: AuthMirror;
  waiters: Waiters;
  complete: CompleteCommand;
  /** The bus node where answers are taken. */
  replyTo: string;
  /** Names this instance: what it had in hand when it crashed is its own to settle. */
  instance: string;
  timeoutMs: number;
  maxQueued: number;
  /** A command waits in the queue of this charge point. */
  queued(networkId: string): void;
}

export interface Commands {
  /** Throws a `Problem` when the command can't be made; what came of a command that was made is in the result. */
  execute(request: ExecuteRequest): Promise<CommandResult>;
  /** Sends a queued command to a connection and waits for the outcome. False when it was not taken there and waits on. */
  sendQueued(command: CommandTable, connection: ConnectionEntry): Promise<boolean>;
  /** It has ended: whoever waits for it goes on, and nothing is to be done when its time is over. */
  noteFinished(commandId: string): void;
  /** An answer that came directly. */
  takeAnswer(envelope: Envelope): Promise<void>;
  /** After a start: what was in hand is `unknown` now. Returns how many. */
  settleAfterCrash(): Promise<number>;
  /** Ends what nobody waits for and what has had its time. */
  endOverdue(): Promise<void>;
}

type WhichCommand = Pick<CommandTable, 'command_id' | 'network_id'>;

/** A command that is given to a node has ended at the latest so long after its time. */
const graceMs = 2000;
/** Longer than an instance waits for an answer to what it has handed over in time. */
const abandonedMs = 15 * 60_000;

export function createCommands(options: CommandOptions): Commands {
  const { database, transact, bus, connections, clock, newId, random, mirror, waiters, replyTo, instance, timeoutMs } =
    options;
  /** What is at a node now: whose it is, and the time in milliseconds when it is overdue. */
  const inHand = new Map<string, { networkId: string; deadline: number }>();

  async function execute(request: ExecuteRequest): Promise<CommandResult> {
    const row = await getChargePoint(database.read, request.chargePoint);
    const connection = await connections.get(row.network_id);
    const version = versionFor(row, connection, request.version);
    const kind = await checkCommand(version, request.action, request.payload);
    const identity: IdempotentRequest = { ...request, networkId: row.network_id };
    const repeated = await findRepeated(database.read, identity);
    if (repeated) return outcomeOf(repeated, request);
    checkRegistration(row.registration, request.action);
    if (!connection) return queue(row, version, request, identity);
    const command = await write(
      commandRow(row, version, request, identity, { handed: true, lifeMs: timeoutMs }),
      request,
      identity,
    );
    if (command.isRepeat) return outcomeOf(command.row, request);
    if (passwordIn(request.action, request.payload) !== undefined && !(await isMirrored())) {
      const description =
        'the new password could not be made known to csms-server first; the charge point might be locked out';
      await end(command.row, { status: 'rejected', error: { code: notSent, description } });
      return current(command.row.command_id);
    }
    return send(command.row, kind, request, connection);
  }

  /** The new password must be good before the charge point can use it. */
  async function isMirrored(): Promise<boolean> {
    try {
      await mirror.flush();
      return true;
    } catch {
      return false;
    }
  }

  async function send(
    command: CommandTable,
    kind: 'call' | 'send',
    { payload, waitMs, traceparent }: ExecuteRequest,
    connection: ConnectionEntry,
  ): Promise<CommandResult> {
    const id = command.command_id;
    inHand.set(id, { networkId: command.network_id, deadline: clock.now().getTime() + timeoutMs + graceMs });
    const outcome = waiters.wait(id, waitMs ?? timeoutMs);
    const refused = await deliver({ command, kind, payload, connection, traceparent }, { bus, clock, replyTo });
    if (refused) await end(command, refused);
    if (refused || waitMs === 0) outcome.giveUp();
    const told = await outcome.told;
    if (!told && !refused && waitMs === undefined) await endAsOverdue(id, command.network_id);
    return current(id);
  }

  async function outcomeOf(command: CommandTable, { waitMs = timeoutMs }: ExecuteRequest): Promise<CommandResult> {
    const outcome = waiters.wait(command.command_id, waitMs);
    const now = await current(command.command_id);
    // A command that waits for its charge point may wait for days.
    if (command.finished_at !== null || command.handed_at === null || now.status !== command.status) outcome.giveUp();
    await outcome.told;
    return current(command.command_id);
  }

  async function queue(
    row: ChargePointTable,
    version: OcppVersion,
    request: ExecuteRequest,
    identity: IdempotentRequest,
  ): Promise<CommandResult> {
    const lifeMs = checkQueueable(row, request);
    const { row: command } = await write(
      commandRow(row, version, request, identity, { handed: false, lifeMs }),
      request,
      identity,
    );
    options.queued(row.network_id);
    return resultOf(command);
  }

  function commandRow(
    row: ChargePointTable,
    protocol: OcppVersion,
    { action, payload, requestedBy, idempotencyKey }: ExecuteRequest,
    identity: IdempotentRequest,
    { handed, lifeMs }: { handed: boolean; lifeMs: number },
  ): CommandTable {
    const now = clock.now();
    return {
      command_id: newId(),
      network_id: row.network_id,
      charge_point_id: row.charge_point_id,
      action,
      protocol,
      payload: JSON.stringify(redact(action, payload)),
      status: 'queued',
      response: null,
      error_code: null,
      error_description: null,
      requested_by: requestedBy,
      requested_at: now.toISOString(),
      handed_at: handed ? now.toISOString() : null,
      sent_at: null,
      finished_at: null,
      not_after: new Date(now.getTime() + lifeMs).toISOString(),
      instance,
      idempotency_key: idempotencyKey ?? null,
      request_hash: idempotencyKey === undefined ? null : requestHash(identity),
    };
  }

  function write(
    row: CommandTable,
    { action, payload }: ExecuteRequest,
    identity: IdempotentRequest,
  ): Promise<{ row: CommandTable; isRepeat: boolean }> {
    return transact(
      async (context) => {
        const repeated = await findRepeated(context.tx, identity);
        if (repeated) return { row: repeated, isRepeat: true };
        await refuseFullQueue(row.network_id, context);
        await context.tx.insertInto('command').values(row).execute();
        const password = passwordIn(action, payload);
        if (password !== undefined) await stagePassword(row, password, context, random);
        return { row, isRepeat: false };
      },
      [row.network_id, idempotencyLock(identity)],
    );
  }

  async function refuseFullQueue(networkId: string, { tx }: DeviceContext): Promise<void> {
    const { open } = await tx
      .selectFrom('command')
      .select(({ fn }) => fn.countAll<number>().as('open'))
      .where('network_id', '=', networkId)
      .where('finished_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (Number(open) < options.maxQueued) return;
    throw new Problem(
      503,
      'queue-full',
      `${open} commands wait for this charge point already; there is no room for more (deviceManager.maxQueuedCommandsPerChargePoint).`,
      { retryAfterSeconds: 10 },
    );
  }

  async function current(commandId: string): Promise<CommandResult> {
    const command = await findCommand(database.read, commandId);
    if (command) return resultOf(command);
    throw new Problem(404, 'no-such-command', 'The charge point of this command was deleted meanwhile.');
  }

  async function end({ command_id, network_id }: WhichCommand, ending: Ending): Promise<void> {
    inHand.delete(command_id);
    await transact((context) => finishCommand(command_id, ending, context), [network_id]);
  }

  async function putBack({ command_id, network_id, not_after }: CommandTable): Promise<void> {
    await transact(
      async ({ tx }) => {
        await tx
          .updateTable('command')
          .set({ handed_at: null, not_after })
          .where('command_id', '=', command_id)
          .where('finished_at', 'is', null)
          .execute();
      },
      [network_id],
    );
  }

  /** Other instances may have heard how those ended for which somebody waits here. */
  async function tellEnded(): Promise<void> {
    const ids = [...inHand.keys()].slice(0, 1000);
    if (ids.length === 0) return;
    const ended = await database.read
      .selectFrom('command')
      .select('command_id')
      .where('command_id', 'in', ids)
      .where('finished_at', 'is not', null)
      .execute();
    for (const { command_id } of ended) noteFinished(command_id);
  }

  function noteFinished(commandId: string): void {
    inHand.delete(commandId);
    waiters.tell(commandId);
  }

  /** In the hands of an instance that did not come back to settle them. */
  function abandoned(now: Date): Promise<WhichCommand[]> {
    return database.read
      .selectFrom('command')
      .select(['command_id', 'network_id'])
      .where('finished_at', 'is', null)
      .where('handed_at', 'is not', null)
      .where('not_after', '<=', new Date(now.getTime() - abandonedMs).toISOString())
      .limit(1000)
      .execute();
  }

  /** Written to the socket: no answer came. Not known to be written: nobody knows. */
  async function endAsOverdue(commandId: string, networkId: string): Promise<void> {
    inHand.delete(commandId);
    await transact(
      async (context) => {
        const command = await findCommand(context.tx, commandId);
        if (!command || command.finished_at !== null) return;
        await finishCommand(commandId, { status: command.sent_at === null ? 'unknown' : 'timed-out' }, context);
      },
      [networkId],
    );
  }

  return {
    execute,

    async sendQueued(command, connection) {
      const now = clock.now();
      const soon = new Date(now.getTime() + timeoutMs).toISOString();
      const not_after = soon < command.not_after ? soon : command.not_after;
      const handed = { handed_at: now.toISOString(), not_after, instance };
      const id = command.command_id;
      const isMine = await transact((context) => claimQueued(command, handed, context), [command.network_id]);
      if (!isMine) return false;
      const outcome = waiters.wait(id, timeoutMs);
      const delivery = {
        command: { ...command, ...handed },
        kind: 'call' as const,
        payload: JSON.parse(command.payload),
        connection,
      };
      const refused = await deliver(delivery, { bus, clock, replyTo });
      if (refused) {
        outcome.giveUp();
        // It was surely not written: it may wait on without being sent twice.
        await putBack(command);
        return false;
      }
      if (!(await outcome.told)) await endAsOverdue(id, command.network_id);
      return true;
    },

    noteFinished,

    async takeAnswer(envelope) {
      const { client, protocol = 'ocpp1.6', messageTime, body } = envelope;
      const complete = async (context: DeviceContext) => {
        const emit: Parameters<CompleteCommand>[0]['emit'] = (event, data) => context.emit(client, event, data);
        await options.complete(
          { networkId: client, version: protocol, receivedAt: messageTime, envelope, emit, payload: body.messageBody },
          context,
        );
      };
      await transact(complete, [client]);
      // Another instance may have had it first, by MessagesIn.
      if (envelope.answerTo !== undefined) noteFinished(envelope.answerTo);
    },

    async settleAfterCrash() {
      const inDoubt = await database.read
        .selectFrom('command')
        .select(['command_id', 'network_id'])
        .where('finished_at', 'is', null)
        .where('handed_at', 'is not', null)
        .where('instance', '=', instance)
        .execute();
      for (const command of inDoubt) await end(command, { status: 'unknown' });
      return inDoubt.length;
    },

    async endOverdue() {
      const now = clock.now();
      await tellEnded();
      for (const [commandId, { networkId, deadline }] of [...inHand])
        if (deadline <= now.getTime()) await endAsOverdue(commandId, networkId);
      const expired = await database.read
        .selectFrom('command')
        .select(['command_id', 'network_id'])
        .where('finished_at', 'is', null)
        .where('handed_at', 'is', null)
        .where('not_after', '<=', now.toISOString())
        .limit(1000)
        .execute();
      for (const command of expired) await end(command, { status: 'expired' });
      for (const command of await abandoned(now)) await end(command, { status: 'unknown' });
    },
  };
}

/** Throws a `Problem` when no version is known, or another one is spoken now. */
function versionFor(
  row: ChargePointTable,
  connection: ConnectionEntry | undefined,
  wanted: OcppVersion | undefined,
): OcppVersion {
  if (connection && wanted !== undefined && wanted !== connection.protocol) {
    throw new Problem(
      409,
      'other-version',
      `${row.network_id} is connected with ${connection.protocol}, not with ${wanted}.`,
    );
  }
  const version = connection?.protocol ?? wanted ?? row.last_protocol ?? row.assumed_protocol;
  if (version) return version as OcppVersion;
  throw notConnected(
    row,
    'Which version of OCPP it speaks is not known yet; say it with ?version= to queue a command.',
  );
}

function notConnected(row: ChargePointTable, more: string): Problem {
  const since = row.last_seen_at === null ? 'and never was' : `and was seen last at ${row.last_seen_at}`;
  return new Problem(409, 'not-connected', `${row.network_id} is not connected, ${since}. ${more}`, {
    lastSeenAt: row.last_seen_at,
  });
}

/** How long the command may wait for its charge point, in milliseconds; throws a 409 `Problem` when it may not. */
function checkQueueable(row: ChargePointTable, { action, payload, queueForMs }: ExecuteRequest): number {
  if (!mayWait(action)) throw notConnected(row, `${action} is not kept for later: nobody would expect it then.`);
  if (queueForMs === undefined)
    throw notConnected(row, `${action} may wait until it is: say for how long with ?queueForSeconds=`);
  if (redact(action, payload) !== payload)
    throw notConnected(
      row,
      `This ${action} carries a secret, and commands at rest never do: send it when the charge point is connected.`,
    );
  return queueForMs;
}
