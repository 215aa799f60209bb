import type { TestChargePoint } from '@ocpp-csms/testing';
import { connectChargePoint, until } from '@ocpp-csms/testing';
import type { RunningCsms } from './csms.ts';
import { newToken, register, unique } from './scenes.ts';

export interface Props {
  csms: RunningCsms;
  /** Registered, connected, has charged. */
  networkId: string;
  chargePoint: TestChargePoint<'ocpp1.6'>;
  idToken: string;
  transactionId: string;
}

export interface ExampleRequest {
  params?: Record<string, string>;
  /** With the question mark. */
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Server-sent events: only the beginning is looked at. */
  stream?: boolean;
  /** Any parameter is an object: there is no unknown one. */
  anyParams?: boolean;
}

/** A request that succeeds, for each documented route. What it needs is made first, so that the order does not matter. */
export const examples: Readonly<Record<string, (props: Props) => Promise<ExampleRequest> | ExampleRequest>> = {
  'GET /health/live': () => ({}),
  'GET /health/ready': () => ({}),
  'GET /metrics': () => ({}),
};

void connectChargePoint;
void until;
void newToken;
void register;
void unique;
