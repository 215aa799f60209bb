import type { OcppProtocol } from '@ocpp-csms/cache';
import { isOcppVersion, type OcppVersion } from '@ocpp-csms/ocpp';

/** More than anybody needs; the rest is not looked at. */
const mostOffered = 20;

export function readSubprotocols(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header
    .split(',', mostOffered)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * J16 §3.1.2, J2.x §3.1.2: the client's order of preference decides. None offered: what is set for this charge point,
 * never a guess (field-faults 7, 8).
 */
export function chooseSubprotocol(
  offered: readonly string[],
  assumed: OcppProtocol | undefined,
): OcppVersion | undefined {
  return offered.length === 0 ? assumed : offered.find(isOcppVersion);
}
