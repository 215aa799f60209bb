import { Problem } from '@ocpp-csms/http';
import type { DeviceContext } from '../context.ts';
import type { ChargePointTable, RefusedConnectionTable } from '../schema.ts';
import { createChargePoint, findChargePoint, updateChargePoint } from './charge-point-store.ts';
import { checkPassword, digestsOf, generatePassword, type RandomBytes, type StoredDigest } from './credentials.ts';

export interface AdoptRequest {
  name?: string;
  password?: string;
  securityProfile?: 0 | 1 | 2 | 3;
  replaceCredentials?: boolean;
}

export interface Adopted {
  row: ChargePointTable;
  /** Present when it was made here: to be shown once. */
  generatedPassword?: string;
  warning?: string;
}

interface Credentials {
  securityProfile: 0 | 1 | 2 | 3;
  digests: readonly StoredDigest[];
  generatedPassword?: string;
  warning?: string;
}

const withoutPassword =
  'This charge point has no password: whoever knows its networkId can connect as it (security profile 0). Set a password in it and here as soon as it can have one.';

/** Registers a refused charge point, or gives a registered one the credentials that it offered. Throws `Problem`. */
export async function adopt(
  networkId: string,
  request: AdoptRequest,
  context: DeviceContext,
  random: RandomBytes,
): Promise<Adopted> {
  const refusal = await context.tx
    .selectFrom('refused_connection')
    .selectAll()
    .where('network_id', '=', networkId)
    .executeTakeFirst();
  if (!refusal) {
    throw new Problem(
      404,
      'no-such-refusal',
      `No connection of ${networkId.slice(0, 60)} was refused lately. To register it all the same: POST /device-manager/charge-points.`,
    );
  }
  const known = await findChargePoint(context.tx, networkId);
  return known
    ? replaceCredentials(known, refusal, request, context, random)
    : register(refusal, request, context, random);
}

async function register(
  refusal: RefusedConnectionTable,
  request: AdoptRequest,
  context: DeviceContext,
  random: RandomBytes,
): Promise<Adopted> {
  const { securityProfile, digests, ...shown } = credentialsFor(refusal, request, random);
  const name = request.name === undefined ? {} : { name: request.name };
  const row = await createChargePoint({ networkId: refusal.network_id, ...name, securityProfile, digests }, context);
  return { row, ...shown };
}

async function replaceCredentials(
  known: ChargePointTable,
  refusal: RefusedConnectionTable,
  request: AdoptRequest,
  context: DeviceContext,
  random: RandomBytes,
): Promise<Adopted> {
  refuseReplacement(refusal, request);
  const name = request.name === undefined ? {} : { name: request.name };
  const { securityProfile, digests, ...shown } = credentialsFor(refusal, request, random);
  const row = await updateChargePoint(known, { ...name, securityProfile, digests }, context);
  await context.tx.deleteFrom('refused_connection').where('network_id', '=', refusal.network_id).execute();
  return { row, ...shown };
}

function refuseReplacement(
  { reason, network_id, password_digests }: RefusedConnectionTable,
  { replaceCredentials, securityProfile, password }: AdoptRequest,
): void {
  if (reason !== 'wrong-credentials' && reason !== 'no-credentials') {
    throw new Problem(
      409,
      'nothing-to-adopt',
      `${network_id} is registered already, and was not refused for its credentials (${reason}).`,
    );
  }
  if (replaceCredentials !== true) {
    throw new Problem(
      409,
      'known-charge-point',
      `${network_id} is registered already, with other credentials. To replace them by what it offered: { "replaceCredentials": true }.`,
    );
  }
  // Nobody takes the password away from a charge point by leaving something out.
  if (password_digests === '[]' && password === undefined && securityProfile !== 0) {
    throw new Problem(
      409,
      'no-credentials-offered',
      `It is not known which password ${network_id} offered, if any. Give one: { "replaceCredentials": true, "password": … }; or let it in without: { "replaceCredentials": true, "securityProfile": 0 }.`,
    );
  }
}

function credentialsFor(
  refusal: RefusedConnectionTable,
  { password, securityProfile }: AdoptRequest,
  random: RandomBytes,
): Credentials {
  const offered: StoredDigest[] = JSON.parse(refusal.password_digests);
  if (securityProfile === 0) return { securityProfile, digests: [], warning: withoutPassword };
  if (password !== undefined) {
    checkPassword(password);
    return { securityProfile: securityProfile ?? 1, digests: digestsOf(password, random) };
  }
  if (offered.length > 0) return { securityProfile: securityProfile ?? 1, digests: offered };
  if (securityProfile === undefined) return { securityProfile: 0, digests: [], warning: withoutPassword };
  const generatedPassword = generatePassword(random);
  return { securityProfile, digests: digestsOf(generatedPassword, random), generatedPassword };
}
