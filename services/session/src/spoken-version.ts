import { Problem } from '@ocpp-csms/http';
import { isOcppVersion, type OcppVersion } from '@ocpp-csms/ocpp';
import type { KnownChargePoint } from './resolve-charge-point.ts';
import type { SessionDatabase } from './schema.ts';

/** Which version a charge point speaks: as device-manager says, else as at its last boot. Throws a 409 `Problem` when nobody knows. */
export async function spokenVersion(
  database: SessionDatabase,
  { networkId, protocol }: KnownChargePoint,
): Promise<OcppVersion> {
  if (protocol !== undefined && isOcppVersion(protocol)) return protocol;
  const seen = await database
    .selectFrom('charge_point')
    .select('protocol')
    .where('client', '=', networkId)
    .executeTakeFirst();
  if (seen !== undefined && isOcppVersion(seen.protocol)) return seen.protocol;
  throw new Problem(
    409,
    'version-unknown',
    `${networkId} has not been seen yet: it is not known which OCPP version it speaks.`,
  );
}
