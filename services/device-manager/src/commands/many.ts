import type { ConnectionDirectory } from '@ocpp-csms/cache';
import type { CommandStatus } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';
import type { Reader } from '../context.ts';
import { type ChargePointFilter, listChargePoints } from '../registry/charge-point-list.ts';
import type { Commands, ExecuteRequest } from './commands.ts';

export interface ManyTargets {
  chargePoints?: readonly string[];
  filter?: ChargePointFilter;
}

export interface OneResult {
  chargePoint: string;
  commandId?: string;
  messageId?: string;
  status: CommandStatus | 'refused';
  response?: unknown;
  error?: { code: string; description: string };
}

const most = 1000;
const atOnce = 200;

/** One command for many charge points. A charge point that can't have it does not keep the others from theirs. */
export async function executeMany(
  targets: ManyTargets,
  common: Omit<ExecuteRequest, 'chargePoint'>,
  parts: { commands: Commands; read: Reader; connections: ConnectionDirectory },
): Promise<OneResult[]> {
  const chargePoints = await targetsOf(targets, parts);
  const results: OneResult[] = new Array(chargePoints.length);
  const next = chargePoints.entries();
  const workers = Array.from({ length: Math.min(atOnce, chargePoints.length) }, async () => {
    for (const [index, chargePoint] of next) results[index] = await executeOne(chargePoint, common, parts.commands);
  });
  await Promise.all(workers);
  return results;
}

async function targetsOf(
  { chargePoints, filter }: ManyTargets,
  { read, connections }: { read: Reader; connections: ConnectionDirectory },
): Promise<readonly string[]> {
  if ((chargePoints === undefined) === (filter === undefined)) {
    throw new Problem(400, 'invalid-request', 'Say either chargePoints or filter.');
  }
  if (chargePoints) return chargePoints;
  const { rows, nextCursor } = await listChargePoints(read, connections, filter ?? {}, { limit: most });
  if (nextCursor !== undefined)
    throw new Problem(
      400,
      'too-many-charge-points',
      `The filter finds more than ${most} charge points. Narrow it down.`,
    );
  return rows.map(({ network_id }) => network_id);
}

async function executeOne(
  chargePoint: string,
  common: Omit<ExecuteRequest, 'chargePoint'>,
  commands: Commands,
): Promise<OneResult> {
  const key = common.idempotencyKey === undefined ? {} : { idempotencyKey: `${common.idempotencyKey} ${chargePoint}` };
  try {
    return { chargePoint, ...(await commands.execute({ ...common, ...key, chargePoint })) };
  } catch (error) {
    return { chargePoint, status: 'refused', error: refusalOf(error) };
  }
}

function refusalOf(error: unknown): { code: string; description: string } {
  if (error instanceof Problem) return { code: error.code, description: error.detail };
  return { code: 'try-again', description: 'This could not be done at the moment.' };
}
