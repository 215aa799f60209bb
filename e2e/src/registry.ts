import { randomBytes } from 'node:crypto';
import type { RunningCsms } from './running-csms.ts';

export interface ChargePointRecord {
  chargePointId: string;
  networkId: string;
  registration: string;
  connection: { connected: boolean };
  [member: string]: unknown;
}

/** As `GET /session/transactions` shows it; the members that tests look at. */
export interface LedgerEntry {
  id: string;
  transactionId: string | number;
  active: boolean;
  energyWh: number | null;
  disputed: boolean;
  startedAt: string;
  stoppedAt: string | null;
  flags: { code: string; words: string }[];
  [member: string]: unknown;
}

export interface LoggedMessage {
  id: string;
  client: string;
  origin: 'client' | 'server';
  messageTime: string;
  body: { direction: number; msgId: string; messageType: string; messageBody: unknown };
  deviations?: { rule: string; path: string; made: string }[];
  raw?: string;
  [member: string]: unknown;
}

export interface Page<Item> {
  items: Item[];
  nextCursor?: string | null;
}

export const password = 'correct-horse-16';

/** A networkId or id token that no other test has. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export async function register(csms: RunningCsms, more: Record<string, unknown> = {}): Promise<ChargePointRecord> {
  return csms.api.post<ChargePointRecord>('/device-manager/charge-points', {
    networkId: unique('CP'),
    name: 'under test',
    securityProfile: 1,
    password,
    ...more,
  });
}

export async function newToken(csms: RunningCsms, more: Record<string, unknown> = {}): Promise<string> {
  const idToken = unique('TAG');
  await csms.api.post('/session/id-tokens', { idToken, status: 'Accepted', ...more });
  return idToken;
}
