import { connectChargePoint, type TestChargePoint, until } from '@ocpp-csms/testing';
import { readAdminKey } from './admin-key.ts';
import type { RunningCsms } from './running-csms.ts';
import { inMinutes, newToken, register, unique } from './scenes.ts';

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
  /** The system that is asked has none of these: it says so with 404 or 409. */
  noneExists?: boolean;
}

type Example = (props: Props) => Promise<ExampleRequest> | ExampleRequest;

const nothing: Example = () => ({});
const ofChargePoint: Example = ({ networkId }) => ({ params: { id: networkId } });

const service: Record<string, Example> = {
  'GET /health/live': nothing,
  'GET /health/ready': nothing,
  'GET /metrics': nothing,
  'GET /process': nothing,
  'GET /log-levels': nothing,
  'GET /demo': nothing,
  'POST /demo': () => ({ noneExists: true }),
  'PUT /log-levels': () => ({ body: { all: 'debug' } }),
  'POST /login': async ({ csms }) => ({ body: { key: await readAdminKey(csms.dataDir) } }),
  'GET /login': nothing,
  'DELETE /login': nothing,
};

const messageManager: Record<string, Example> = {
  'GET /message-manager/charge-points/{id}/moment': ({ networkId }) => ({
    params: { id: networkId },
    query: `?at=${new Date().toISOString()}`,
  }),
  'GET /message-manager/messages': ({ networkId }) => ({ query: `?client=${networkId}&direction=2&limit=5` }),
  'GET /message-manager/messages/export': ({ networkId }) => ({ query: `?client=${networkId}` }),
  'GET /message-manager/messages/{id}': async ({ csms }) => {
    const { items } = await csms.api.get<{ items: { id: string }[] }>('/message-manager/messages?limit=1');
    return { params: { id: items[0]?.id ?? '' } };
  },
  'GET /message-manager/messages/stream': ({ networkId }) => ({ query: `?client=${networkId}`, stream: true }),
  'GET /message-manager/parked-messages': nothing,
  'POST /message-manager/parked-messages/{group}/{id}/drive': () => ({
    params: { group: 'session', id: 'x' },
    noneExists: true,
  }),
  'DELETE /message-manager/parked-messages/{group}/{id}': () => ({
    params: { group: 'session', id: 'x' },
    noneExists: true,
  }),
  'GET /message-manager/statistics': nothing,
};

async function newReservation({ csms, networkId, idToken }: Props): Promise<string> {
  const body = { networkId, connectorId: 1, idToken, expiresAt: inMinutes(30) };
  return (await csms.api.post<{ id: string }>('/session/reservations', body)).id;
}

const session: Record<string, Example> = {
  'POST /session/id-tokens': () => ({
    body: { idToken: unique('NEW'), status: 'Accepted', expiresAt: inMinutes(60), chargePoints: [], note: 'blue card' },
  }),
  'GET /session/id-tokens': () => ({ query: '?q=tag&limit=2' }),
  'GET /session/id-tokens/{idToken}': ({ idToken }) => ({ params: { idToken } }),
  'PATCH /session/id-tokens/{idToken}': async ({ csms }) => ({
    params: { idToken: await newToken(csms) },
    body: { status: 'Blocked', note: null },
  }),
  'DELETE /session/id-tokens/{idToken}': async ({ csms }) => ({ params: { idToken: await newToken(csms) } }),
  'GET /session/id-tokens/unknown': nothing,
  'POST /session/id-tokens/unknown/{idToken}/accept': () => ({
    params: { idToken: unique('NEW') },
    body: { note: 'seen at the gate' },
    anyParams: true,
  }),
  'GET /session/authorizations': ({ networkId }) => ({ query: `?networkId=${networkId}` }),
  'GET /session/charging/summary': () => ({ query: '?from=2020-01-01T00:00:00Z' }),
  'GET /session/charging': ({ networkId }) => ({ query: `?networkId=${networkId}&networkId=other&limit=5` }),
  'GET /session/transactions': ({ networkId }) => ({
    query: `?chargePointId=${networkId}&active=false&from=2020-01-01T00:00:00Z`,
  }),
  'GET /session/transactions/export': nothing,
  'GET /session/transactions/orphans': nothing,
  'GET /session/transactions/{id}': ({ transactionId }) => ({ params: { id: transactionId } }),
  'GET /session/transactions/{id}/meter-values': ({ transactionId }) => ({ params: { id: transactionId } }),
  'POST /session/reservations': ({ networkId, idToken }) => ({
    body: { networkId, connectorId: 1, idToken, expiresAt: inMinutes(30) },
  }),
  'GET /session/reservations': ({ networkId }) => ({ query: `?chargePointId=${networkId}&status=accepted` }),
  'GET /session/reservations/{id}': async (props) => ({ params: { id: await newReservation(props) } }),
  'DELETE /session/reservations/{id}': async (props) => ({ params: { id: await newReservation(props) } }),
  'GET /session/local-lists/{chargePoint}': ({ networkId }) => ({ params: { chargePoint: networkId } }),
  'POST /session/local-lists/{chargePoint}': ({ networkId }) => ({
    params: { chargePoint: networkId },
    body: { mode: 'full' },
  }),
};

async function newTemplate({ csms }: Props): Promise<string> {
  const body = { name: unique('template'), settings: [{ key: 'HeartbeatInterval', value: '300' }] };
  return (await csms.api.post<{ templateId: string }>('/device-manager/templates', body)).templateId;
}

async function refused({ csms }: Props): Promise<string> {
  const networkId = unique('REFUSED');
  await connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6' }).catch(() => undefined);
  await until('it is listed', async () => {
    const { items } = await csms.api.get<{ items: { networkId: string }[] }>('/device-manager/refused-connections');
    return items.some((item) => item.networkId === networkId);
  });
  return networkId;
}

const deviceManager: Record<string, Example> = {
  'GET /device-manager/commands': () => ({ query: '?status=answered&status=rejected&from=2020-01-01T00:00:00Z' }),
  'GET /device-manager/actions/{version}': () => ({ params: { version: 'ocpp1.6' } }),
  'GET /device-manager/actions/{version}/{action}': () => ({ params: { version: 'ocpp2.1', action: 'SetVariables' } }),
  'POST /device-manager/charge-points': () => ({
    body: {
      networkId: unique('CP'),
      name: 'At the gate',
      serialNumber: '17',
      plugAndCharge: false,
      securityProfile: 1,
      tags: ['gate'],
    },
  }),
  'GET /device-manager/charge-points': () => ({ query: '?connected=true&q=CP&limit=2' }),
  'GET /device-manager/summary': nothing,
  'GET /device-manager/system': nothing,
  'PATCH /device-manager/system': () => ({ body: { name: 'Harbour Charging' } }),
  'GET /device-manager/events': ({ networkId }) => ({
    query: `?client=${networkId}&events=StatusChanged`,
    stream: true,
  }),
  'GET /device-manager/charge-points/{id}': ofChargePoint,
  'PATCH /device-manager/charge-points/{id}': async ({ csms }) => ({
    params: { id: (await register(csms)).chargePointId },
    body: { name: 'Renamed', enabled: false, heartbeatIntervalSeconds: 60 },
  }),
  'DELETE /device-manager/charge-points/{id}': async ({ csms }) => ({
    params: { id: (await register(csms)).chargePointId },
  }),
  'GET /device-manager/refused-connections': nothing,
  'POST /device-manager/refused-connections/{networkId}/adopt': async (props) => ({
    params: { networkId: await refused(props) },
    body: { name: 'Adopted' },
  }),
  'POST /device-manager/charge-points/{id}/commands/{action}': ({ networkId }) => ({
    params: { id: networkId, action: 'ChangeConfiguration' },
    body: { key: 'HeartbeatInterval', value: '300' },
  }),
  'POST /device-manager/commands': ({ networkId }) => ({
    body: { chargePoints: [networkId], action: 'ClearCache', payload: {} },
  }),
  'GET /device-manager/charge-points/{id}/commands': ({ networkId }) => ({
    params: { id: networkId },
    query: '?status=answered',
  }),
  'GET /device-manager/commands/{commandId}': async ({ csms, networkId }) => {
    const path = `/device-manager/charge-points/${networkId}/commands/ClearCache`;
    return { params: { commandId: (await csms.api.post<{ commandId: string }>(path, {})).commandId } };
  },
  'GET /device-manager/charge-points/{id}/connectors': ofChargePoint,
  'GET /device-manager/charge-points/{id}/configuration': ({ networkId }) => ({
    params: { id: networkId },
    query: '?refresh=true',
  }),
  'GET /device-manager/charge-points/{id}/network-profiles': ofChargePoint,
  'GET /device-manager/charge-points/{id}/boots': ofChargePoint,
  'POST /device-manager/templates': () => ({
    body: { name: unique('template'), settings: [{ key: 'HeartbeatInterval', value: '300' }] },
  }),
  'GET /device-manager/templates': nothing,
  'GET /device-manager/templates/{templateId}': async (props) => ({ params: { templateId: await newTemplate(props) } }),
  'PATCH /device-manager/templates/{templateId}': async (props) => ({
    params: { templateId: await newTemplate(props) },
    body: { name: unique('template') },
  }),
  'DELETE /device-manager/templates/{templateId}': async (props) => ({
    params: { templateId: await newTemplate(props) },
  }),
  'GET /device-manager/templates/{templateId}/charge-points': async (props) => ({
    params: { templateId: await newTemplate(props) },
  }),
  'POST /device-manager/charge-points/{id}/apply-template': async (props) => ({
    params: { id: props.networkId },
    body: { templateId: await newTemplate(props) },
  }),
  'GET /device-manager/charge-points/{id}/template-job': async (props) => {
    const path = `/device-manager/charge-points/${props.networkId}/apply-template`;
    await props.csms.api.post(path, { templateId: await newTemplate(props) });
    return { params: { id: props.networkId } };
  },
  'GET /device-manager/charge-points/{id}/firmware-jobs': ofChargePoint,
  'GET /device-manager/charge-points/{id}/diagnostics-jobs': ofChargePoint,
  'GET /device-manager/charge-points/{id}/charging-profiles': ofChargePoint,
  'GET /device-manager/charge-points/{id}/security-events': ofChargePoint,
  'GET /device-manager/charge-points/{id}/certificates': ofChargePoint,
  'GET /device-manager/charge-points/{id}/data-transfers': ofChargePoint,
};

/** A request that succeeds, for each documented route. What it needs is made first, so that the order does not matter. */
export const examples: Readonly<Record<string, Example>> = {
  ...service,
  ...messageManager,
  ...session,
  ...deviceManager,
};
