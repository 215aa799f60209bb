import { createHmac } from 'node:crypto';
import { Problem } from '@ocpp-csms/http';
import { isJsonObject } from '@ocpp-csms/ocpp';
import type { Reader } from '../context.ts';
import type { CommandTable } from '../schema.ts';

export interface IdempotentRequest {
  requestedBy: string;
  idempotencyKey?: string;
  networkId: string;
  action: string;
  payload: unknown;
}

/** Tells the same request from another one. Keyed, so that a password in the payload can't be found by trying. */
export function requestHash({ idempotencyKey = '', networkId, action, payload }: IdempotentRequest): string {
  return createHmac('sha256', idempotencyKey)
    .update(JSON.stringify([networkId, action, canonical(payload)]))
    .digest('base64');
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, canonical(value[name])]),
  );
}

/** What two requests with the same key have in common: they come one after the other. Without a key, what is its own alone. */
export function idempotencyLock({ requestedBy, idempotencyKey, networkId }: IdempotentRequest): string {
  return idempotencyKey === undefined ? networkId : `idempotency ${requestedBy} ${idempotencyKey}`;
}

/** The command that this request has made before. Throws a 422 `Problem` when the key was used for something else. */
export async function findRepeated(reader: Reader, request: IdempotentRequest): Promise<CommandTable | undefined> {
  const { requestedBy, idempotencyKey } = request;
  if (idempotencyKey === undefined) return undefined;
  const known = await reader
    .selectFrom('command')
    .selectAll()
    .where('requested_by', '=', requestedBy)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  if (!known || known.request_hash === requestHash(request)) return known;
  throw new Problem(
    422,
    'idempotency-key-reused',
    'This Idempotency-Key was used for another command. Use a new key for a new command.',
    { commandId: known.command_id },
  );
}
