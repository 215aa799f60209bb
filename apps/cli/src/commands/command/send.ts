import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@ocpp-csms/ocpp';
import type { CommandResult } from '../../connection/answers.ts';
import type { Api, Query } from '../../connection/api.ts';
import { exitCodes } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import type { Targets } from './targets.ts';

/** What became of it at one charge point. */
export interface SentCommand extends CommandResult {
  chargePoint: string;
}

export interface SendOptions {
  api: Api;
  targets: Targets;
  action: string;
  payload: JsonObject;
  timeoutMs: number;
  queueForSeconds: number | undefined;
}

/**
 * Sends it once and waits. When the time is over, or the connection breaks, it is asked for again, by the same
 * Idempotency-Key and without waiting: that makes no second command, and tells how far it has come.
 */
export async function sendCommand(options: SendOptions): Promise<SentCommand[]> {
  const key = randomUUID();
  try {
    return await send(options, key, {}, AbortSignal.timeout(options.timeoutMs));
  } catch (error) {
    if (!isCutOff(error)) throw error;
    return send(options, key, { wait: false });
  }
}

/** The time is over, or the connection broke: the command may have been made. */
function isCutOff(error: unknown): boolean {
  if (!(error instanceof Failure) || !(error.cause instanceof Error)) return false;
  const { name, cause } = error.cause;
  return name === 'TimeoutError' || (cause instanceof Error && 'code' in cause && broken.has(String(cause.code)));
}

const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

async function send(
  { api, targets, action, payload, queueForSeconds }: SendOptions,
  key: string,
  more: Query,
  signal?: AbortSignal,
): Promise<SentCommand[]> {
  const common = {
    query: { queueForSeconds, ...more },
    headers: { 'idempotency-key': key },
    ...(signal === undefined ? {} : { signal }),
  };
  const one = 'chargePoints' in targets && targets.chargePoints.length === 1 ? targets.chargePoints[0] : undefined;
  if (one === undefined) {
    const body = { ...targets, action, payload };
    return (await api.send<{ results: SentCommand[] }>('POST', '/device-manager/commands', { ...common, body }))
      .results;
  }
  const path = `/device-manager/charge-points/${encodeURIComponent(one)}/commands/${encodeURIComponent(action)}`;
  const result = await api.send<CommandResult>('POST', path, { ...common, body: payload }).catch(outcomeIn);
  return [{ chargePoint: one, ...result }];
}

/** A command that was made, and then timed out, is told as a problem with its id: that is an outcome, and no error of the API. */
function outcomeIn(error: unknown): CommandResult {
  if (!(error instanceof Failure) || error.exitCode !== exitCodes.failed) throw error;
  const { commandId, commandStatus, type, detail } = error.details;
  if (typeof commandId !== 'string' || typeof commandStatus !== 'string') throw error;
  const code = String(type).split(':').at(-1) ?? '';
  return { commandId, status: commandStatus, error: { code, description: String(detail) } };
}
