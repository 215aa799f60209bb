import { isJsonObject } from '@ocpp-csms/ocpp';
import type { DeviceContext } from '../context.ts';
import { storedDigests } from '../registry/charge-point.ts';
import { findChargePoint, updateChargePoint } from '../registry/charge-point-store.ts';
import { digestsOf, type RandomBytes } from '../registry/credentials.ts';
import type { CommandTable } from '../schema.ts';
import type { Ending } from './command-store.ts';

/** How long a password counts beside the old one when it is not known whether the charge point took it. */
const uncertainMs = 24 * 3_600_000;

/** The new password in this command; undefined when it carries none. */
export function passwordIn(action: string, payload: unknown): string | undefined {
  if (!isJsonObject(payload)) return undefined;
  if (action === 'ChangeConfiguration') return isAuthorizationKey(payload.key) ? textOf(payload.value) : undefined;
  if (action !== 'SetVariables' || !Array.isArray(payload.setVariableData)) return undefined;
  return textOf(payload.setVariableData.find(isBasicAuthPassword)?.attributeValue);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function isAuthorizationKey(key: unknown): boolean {
  return typeof key === 'string' && key.toLowerCase() === 'authorizationkey';
}

function isBasicAuthPassword(item: unknown): boolean {
  return (
    isJsonObject(item) &&
    isJsonObject(item.variable) &&
    String(item.variable.name).toLowerCase() === 'basicauthpassword'
  );
}

/** Lets the new password in beside the old one, before the charge point hears of it: no crash locks it out. */
export async function stagePassword(
  command: CommandTable,
  password: string,
  context: DeviceContext,
  random: RandomBytes,
): Promise<void> {
  const row = await findChargePoint(context.tx, command.network_id);
  if (!row) return;
  const until = new Date(context.clock.now().getTime() + uncertainMs).toISOString();
  const staged = digestsOf(password, random).map((digest) => ({ ...digest, commandId: command.command_id, until }));
  await updateChargePoint(row, { digests: [...storedDigests(row), ...staged] }, context);
}

/**
 * Accepted: the old password ends at once (A01.FR.03). Refused or never written: the new one does (A01.FR.04).
 * Not known: both count, bounded in time.
 */
export async function settlePassword(command: CommandTable, ending: Ending, context: DeviceContext): Promise<void> {
  if (command.action !== 'ChangeConfiguration' && command.action !== 'SetVariables') return;
  const row = await findChargePoint(context.tx, command.network_id);
  if (!row) return;
  const digests = storedDigests(row);
  const staged = digests.filter(({ commandId }) => commandId === command.command_id);
  if (staged.length === 0 || ending.status === 'timed-out' || ending.status === 'unknown') return;
  const taken = ending.status === 'answered' && tookPassword(ending.response);
  const others = digests.filter(({ commandId }) => commandId !== command.command_id);
  // A later change may be on its way: what it brings stays, or its success would lock the charge point out.
  const later = others.filter(({ commandId = '' }) => commandId > command.command_id);
  const kept = taken ? [...staged.map(({ salt, digest }) => ({ salt, digest })), ...later] : others;
  await updateChargePoint(row, { digests: kept }, context);
  context.log.info(
    { networkId: row.network_id, commandId: command.command_id },
    taken
      ? 'The password was changed; the old one counts no longer'
      : 'The charge point did not take the new password; the old one stays',
  );
}

function tookPassword(response: unknown): boolean {
  if (!isJsonObject(response)) return false;
  if (!Array.isArray(response.setVariableResult)) return took(response.status);
  const result: unknown = response.setVariableResult.find(isBasicAuthPassword);
  return isJsonObject(result) && took(result.attributeStatus);
}

const took = (status: unknown): boolean => status === 'Accepted' || status === 'RebootRequired';
