import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionOf, OcppVersion, RequestOf, ResponseOf } from '@ocpp-csms/ocpp';
import {
  type ChargePointClient,
  connectChargePoint,
  connectRpcChargePoint,
  type TestChargePoint,
  type TestChargePointOptions,
  UpgradeRefused,
  until,
} from '@ocpp-csms/testing';
import { expect, inject, onTestFinished } from 'vitest';
import {
  type ChargePointRecord,
  type LedgerEntry,
  type LoggedMessage,
  type Page,
  password,
  register,
} from './registry.ts';
import type { RunningCsms } from './running-csms.ts';

export * from './registry.ts';

export interface NewChargePoint<V extends OcppVersion> extends Partial<TestChargePointOptions<V>> {
  protocol?: V;
}

const comeAgainMs = 1000;

/** Registered and connected, not booted. Ends with the test; then nothing that the CSMS sent may have broken a schema. */
export async function newChargePoint<V extends OcppVersion = 'ocpp1.6'>(
  csms: RunningCsms,
  options: NewChargePoint<V> = {},
): Promise<TestChargePoint<V>> {
  const networkId = options.networkId ?? (await register(csms)).networkId;
  return connect(csms, { ...options, networkId });
}

/** Connects one that is registered. */
export async function connect<V extends OcppVersion = 'ocpp1.6'>(
  csms: RunningCsms,
  { networkId, ...options }: NewChargePoint<V> & { networkId: string },
): Promise<TestChargePoint<V>> {
  const protocol = options.protocol ?? ('ocpp1.6' as V);
  const join = () => connectChargePoint<V>({ url: csms.wsUrl, password, ...options, networkId, protocol });
  // Of several nodes one may just be told of a change of this charge point: who knocks meanwhile is to come again.
  const chargePoint = await join().catch((error: unknown) => {
    if (inject('csms') === undefined || !(error instanceof UpgradeRefused) || error.status !== 503) throw error;
    return sleep(comeAgainMs).then(join);
  });
  onTestFinished(async () => {
    await chargePoint.drop();
    expect(chargePoint.violations, 'what the CSMS sent is valid in the opinion of ocpp-rpc').toEqual([]);
  });
  return chargePoint;
}

/** The two clients that the key cases are run with. */
export const clients = [
  { client: 'our client', connectWith: newChargePoint },
  { client: 'ocpp-rpc', connectWith: newRpcChargePoint },
] as const;

async function newRpcChargePoint<V extends OcppVersion = 'ocpp1.6'>(
  csms: RunningCsms,
  { protocol }: { protocol?: V } = {},
): Promise<ChargePointClient<V>> {
  const { networkId } = await register(csms);
  const chargePoint = await connectRpcChargePoint<V>({
    url: csms.wsUrl,
    networkId,
    password,
    protocol: protocol ?? ('ocpp1.6' as V),
  });
  onTestFinished(() => chargePoint.close());
  return chargePoint;
}

export interface CommandAnswer {
  commandId: string;
  messageId: string;
  status: string;
  response?: unknown;
  error?: { code: string; description: string };
}

/** `POST …/commands/{action}`: resolves with what the charge point said. */
export function command(
  csms: RunningCsms,
  { networkId }: { networkId: string },
  action: string,
  payload: unknown = {},
): Promise<CommandAnswer> {
  return csms.api.post<CommandAnswer>(
    `/device-manager/charge-points/${encodeURIComponent(networkId)}/commands/${action}`,
    payload,
  );
}

export async function chargePointRecord(
  csms: RunningCsms,
  { networkId }: { networkId: string },
): Promise<ChargePointRecord> {
  return csms.api.get<ChargePointRecord>(`/device-manager/charge-points/${encodeURIComponent(networkId)}`);
}

export interface ConnectorRecord {
  evseId?: number | null;
  connectorId: number;
  status: string;
  errorCode?: string | null;
  [member: string]: unknown;
}

export async function connectorOf(
  csms: RunningCsms,
  { networkId }: { networkId: string },
  connectorId: number,
): Promise<ConnectorRecord | undefined> {
  const path = `/device-manager/charge-points/${encodeURIComponent(networkId)}/connectors`;
  const { items } = await csms.api.get<Page<ConnectorRecord>>(path);
  return items.find((connector) => connector.connectorId === connectorId);
}

/** Waits until the connector has this status: it is applied after the answer. */
export async function connectorBecomes(
  csms: RunningCsms,
  chargePoint: { networkId: string },
  connectorId: number,
  status: string,
): Promise<void> {
  let last: string | undefined;
  await until(`connector ${connectorId} of ${chargePoint.networkId} is ${status}`, async () => {
    last = (await connectorOf(csms, chargePoint, connectorId))?.status;
    return last === status;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it is ${last}`);
  });
}

export async function transactionsOf(csms: RunningCsms, { networkId }: { networkId: string }): Promise<LedgerEntry[]> {
  const { items } = await csms.api.get<Page<LedgerEntry>>(
    `/session/transactions?chargePointId=${encodeURIComponent(networkId)}&limit=100`,
  );
  return items;
}

/** The only transaction of this charge point. */
export async function onlyTransaction(csms: RunningCsms, chargePoint: { networkId: string }): Promise<LedgerEntry> {
  const transactions = await transactionsOf(csms, chargePoint);
  expect(transactions).toHaveLength(1);
  return transactions[0]!;
}

export async function messagesOf(
  csms: RunningCsms,
  { networkId }: { networkId: string },
  query = '',
): Promise<LoggedMessage[]> {
  const path = `/message-manager/messages?client=${encodeURIComponent(networkId)}&limit=100${query}`;
  const { items } = await csms.api.get<Page<LoggedMessage>>(path);
  return items;
}

export const now = () => new Date().toISOString();
export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
export const inMinutes = (minutes: number) => minutesAgo(-minutes);

/** The operator commands, the charge point gets exactly that and gives this answer, and the operator is shown it. */
export async function commandIsAnswered<V extends OcppVersion, A extends ActionOf<V>>(
  csms: RunningCsms,
  chargePoint: ChargePointClient<V>,
  action: A,
  payload: RequestOf<V, A>,
  answer: ResponseOf<V, A>,
): Promise<CommandAnswer> {
  chargePoint.onCall(action, () => answer);
  const result = await command(csms, chargePoint, action, payload);
  const call = await chargePoint.nextCall(action);
  expect(call.payload).toEqual(payload);
  expect(result).toMatchObject({ status: 'answered', response: answer, messageId: call.msgId });
  return result;
}
