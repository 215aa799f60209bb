import type { LoggedMessage } from '../message.ts';
import { member, numberAt, textAt } from './payload.ts';

/** How a charge point was, as far as its messages say. */
export interface Moment {
  lastHeardAt: string | null;
  lastHeartbeatAt: string | null;
  lastBoot: Boot | null;
  connectors: Connector[];
  /** Those that had begun and not ended. */
  transactions: Running[];
}

interface Boot {
  at: string;
  messageId: string;
  vendor?: string;
  model?: string;
  firmwareVersion?: string;
  /** What it was answered. */
  registration?: string;
}

export interface Connector {
  evseId?: number;
  /** In 1.6, 0 is the charge point as a whole. */
  connectorId: number;
  status: string;
  errorCode?: string;
  since: string;
  messageId: string;
}

export interface Running {
  transactionId: string;
  evseId?: number;
  connectorId?: number;
  idToken?: string;
  /** Of the first message about it that was looked at. */
  startedAt: string;
  chargingState?: string;
  messageId: string;
}

/** What was heard up to the moment, the newest first. */
export interface Heard {
  last: LoggedMessage | undefined;
  heartbeat: LoggedMessage | undefined;
  boot: LoggedMessage | undefined;
  statuses: readonly LoggedMessage[];
  transactions: readonly LoggedMessage[];
}

export function momentOf({ last, heartbeat, boot, statuses, transactions }: Heard): Moment {
  return {
    lastHeardAt: last?.messageTime ?? null,
    lastHeartbeatAt: heartbeat?.messageTime ?? null,
    lastBoot: boot === undefined ? null : bootOf(boot),
    connectors: connectorsOf(statuses),
    transactions: runningOf(transactions),
  };
}

function bootOf({ id, messageTime, body: { messageBody }, answer }: LoggedMessage): Boot {
  const station = member(messageBody, 'chargingStation');
  return {
    at: messageTime,
    messageId: id,
    ...known('vendor', textAt(messageBody, 'chargePointVendor') ?? textAt(station, 'vendorName')),
    ...known('model', textAt(messageBody, 'chargePointModel') ?? textAt(station, 'model')),
    ...known('firmwareVersion', textAt(messageBody, 'firmwareVersion') ?? textAt(station, 'firmwareVersion')),
    ...known('registration', textAt(answer?.messageBody, 'status')),
  };
}

function connectorsOf(statuses: readonly LoggedMessage[]): Connector[] {
  const found = new Map<string, Connector>();
  /** Those of which an older status was another one: what is older still says nothing of `since`. */
  const settled = new Set<string>();
  for (const older of statuses.flatMap(statusesIn)) {
    const key = `${older.evseId} ${older.connectorId}`;
    const newer = found.get(key);
    if (newer === undefined) found.set(key, older);
    else if (newer.status !== older.status || newer.errorCode !== older.errorCode) settled.add(key);
    // Said again: it was so before already.
    else if (!settled.has(key)) found.set(key, { ...newer, since: older.since });
  }
  return [...found.values()].toSorted(
    (one, other) => (one.evseId ?? 0) - (other.evseId ?? 0) || one.connectorId - other.connectorId,
  );
}

function statusesIn({ id, messageTime, body: { messageType, messageBody } }: LoggedMessage): Connector[] {
  if (messageType === 'NotifyEvent') return availabilitiesIn(messageBody, { id, messageTime });
  const status = textAt(messageBody, 'status') ?? textAt(messageBody, 'connectorStatus');
  const connectorId = numberAt(messageBody, 'connectorId');
  if (status === undefined || connectorId === undefined) return [];
  const errorCode = textAt(messageBody, 'errorCode');
  return [
    {
      ...known('evseId', numberAt(messageBody, 'evseId')),
      connectorId,
      status,
      ...known('errorCode', errorCode === 'NoError' ? undefined : errorCode),
      since: messageTime,
      messageId: id,
    },
  ];
}

/** 2.1 G01: in the place of a StatusNotification, AvailabilityState of the component Connector may be reported. */
function availabilitiesIn(body: unknown, { id, messageTime }: Pick<LoggedMessage, 'id' | 'messageTime'>): Connector[] {
  const events = member(body, 'eventData');
  if (!Array.isArray(events)) return [];
  return events.flatMap((event: unknown) => {
    const component = member(event, 'component');
    const evse = member(component, 'evse');
    const [status, connectorId] = [textAt(event, 'actualValue'), numberAt(evse, 'connectorId')];
    const isAvailability =
      textAt(component, 'name') === 'Connector' && textAt(member(event, 'variable'), 'name') === 'AvailabilityState';
    if (!isAvailability || status === undefined || connectorId === undefined) return [];
    return [{ ...known('evseId', numberAt(evse, 'id')), connectorId, status, since: messageTime, messageId: id }];
  });
}

/** From the newest to the oldest: what has ended later is not running. */
function runningOf(messages: readonly LoggedMessage[]): Running[] {
  const ended = new Set<string>();
  const running = new Map<string, Running>();
  /** In 1.6 a connector has one transaction at a time; an older one that was never stopped is over. */
  const takenConnectors = new Set<number>();
  for (const message of messages) {
    const { messageType, messageBody } = message.body;
    if (messageType === 'StopTransaction') {
      ended.add(idIn(messageBody, 'transactionId') ?? '');
    } else if (messageType === 'StartTransaction') {
      noteStart16(message, { ended, running, takenConnectors });
    } else noteEvent(message, { ended, running });
  }
  return [...running.values()];
}

interface Noted {
  ended: Set<string>;
  running: Map<string, Running>;
}

function noteStart16(message: LoggedMessage, noted: Noted & { takenConnectors: Set<number> }): void {
  const { ended, running, takenConnectors } = noted;
  const { messageBody } = message.body;
  const connectorId = numberAt(messageBody, 'connectorId') ?? 0;
  const transactionId = idIn(message.answer?.messageBody, 'transactionId');
  const isOver = takenConnectors.has(connectorId);
  takenConnectors.add(connectorId);
  if (isOver || transactionId === undefined || ended.has(transactionId)) return;
  running.set(transactionId, {
    transactionId,
    connectorId,
    ...known('idToken', textAt(messageBody, 'idTag')),
    startedAt: message.messageTime,
    messageId: message.id,
  });
}

function noteEvent({ id, messageTime, body: { messageBody } }: LoggedMessage, { ended, running }: Noted): void {
  const info = member(messageBody, 'transactionInfo');
  const transactionId = idIn(info, 'transactionId');
  if (transactionId === undefined) return;
  if (textAt(messageBody, 'eventType') === 'Ended') ended.add(transactionId);
  if (ended.has(transactionId)) return;
  const newer = running.get(transactionId);
  const evse = member(messageBody, 'evse');
  const older = {
    transactionId,
    ...known('evseId', numberAt(evse, 'id')),
    ...known('connectorId', numberAt(evse, 'connectorId')),
    ...known('idToken', textAt(member(messageBody, 'idToken'), 'idToken')),
    ...known('chargingState', textAt(info, 'chargingState')),
  };
  running.set(transactionId, { ...older, ...newer, startedAt: messageTime, messageId: id });
}

/** 1.6 has numbers, 2.x text. */
function idIn(body: unknown, name: string): string | undefined {
  const id = member(body, name);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function known<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
