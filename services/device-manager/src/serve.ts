import type { Subscription } from '@ocpp-csms/bus';
import { type CommandRequest, type CommandResult, commandSubject } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';
import type { Commands } from './commands/commands.ts';
import type { Parts } from './parts.ts';
import { type AdoptQuestion, adoptUnknown } from './registry/adopt-unknown.ts';
import { authRecordOf } from './registry/charge-point.ts';
import { findChargePoint } from './registry/charge-point-store.ts';
import type { ChargePointTable } from './schema.ts';

const defaultWaitMs = 45_000;

/** What other services may ask of this one (docs/bus.md). */
export async function serveSubjects({
  bus,
  database,
  transact,
  commands,
  mirrored,
  clock,
  settings,
}: Parts): Promise<Subscription[]> {
  const recordOf = (row: ChargePointTable) =>
    authRecordOf(row, settings.csmsServer.heartbeatIntervalSeconds, clock.now());

  async function authRecord(question: unknown) {
    const { networkId } = question as { networkId: string };
    const row = await database.read
      .selectFrom('charge_point')
      .selectAll()
      .where('network_id', '=', networkId)
      .executeTakeFirst();
    return row ? recordOf(row) : null;
  }

  async function adopt(question: unknown) {
    const row = await transact((context) => adoptUnknown(question as AdoptQuestion, context));
    await mirrored();
    return recordOf(row);
  }

  async function chargePoint(question: unknown) {
    const row = await findChargePoint(database.read, (question as { id: string }).id);
    if (!row) return null;
    const protocol = row.last_protocol === null ? {} : { protocol: row.last_protocol };
    return { chargePointId: row.charge_point_id, networkId: row.network_id, name: row.name, ...protocol };
  }

  return [
    await bus.serve('device-manager.auth-record', authRecord),
    await bus.serve('device-manager.charge-point', chargePoint),
    await bus.serve(commandSubject, (question) => executeFor(question as CommandRequest, commands)),
    ...(settings.csmsServer.adoptUnknown ? [await bus.serve('device-manager.adopt', adopt)] : []),
  ];
}

/** What can't be made a command is an answer too: `rejected`, without a commandId, and the reason. */
async function executeFor(
  { timeoutMs = defaultWaitMs, ...request }: CommandRequest,
  commands: Commands,
): Promise<CommandResult> {
  try {
    return await commands.execute({ ...request, waitMs: timeoutMs });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { commandId: '', messageId: '', status: 'rejected', error: { code: error.code, description: error.detail } };
  }
}
