/** What a charge point says of one connector, of one EVSE (connectorId 0) or of itself (both 0). */
export interface StatusReport {
  networkId: string;
  /** 0 in 1.6. */
  evseId: number;
  connectorId: number;
  status: string;
  errorCode: string | null;
  info: string | null;
  vendorId: string | null;
  vendorErrorCode: string | null;
  /** As the charge point wrote it. */
  timestamp: string | undefined;
  /** ISO 8601 UTC: when we got it. */
  receivedAt: string;
}

/** No charge point has more; larger numbers are faults of its software (field-faults row 46). */
export const highestConnector = 100;

export function isPlausible({ evseId, connectorId, status }: StatusReport): boolean {
  return isPlausibleNumber(evseId) && isPlausibleNumber(connectorId) && typeof status === 'string' && status !== '';
}

const isPlausibleNumber = (id: number): boolean => Number.isInteger(id) && id >= 0 && id <= highestConnector;

const earliest = Date.parse('2015-01-01T00:00:00Z');

/** When it became so: what the charge point says, but never after we heard of it, and not in the age of unset clocks (row 35). */
export function statusTime({ timestamp, receivedAt }: StatusReport): string {
  const said = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  if (Number.isNaN(said) || said < earliest || said > Date.parse(receivedAt)) return receivedAt;
  return new Date(said).toISOString();
}
