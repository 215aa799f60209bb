export type OcppVersion = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

/** What is sent for a word of the console, in the version that a charge point speaks. */
export interface CommandContent {
  action: string;
  payload: unknown;
}

export interface QuickAction {
  id: string;
  /** On the button. */
  label: string;
  /** As a question that names the target. */
  question: (target: string) => string;
  /** What follows from it; undefined: it changes nothing, and needs no second thought. */
  consequence?: string;
  content: (version: OcppVersion) => CommandContent;
}

const is16 = (version: OcppVersion): boolean => version === 'ocpp1.6';

/** What needs no further word than to whom. */
export const quickActions: readonly QuickAction[] = [
  {
    id: 'ask-status',
    label: 'Ask for status',
    question: (target) => `Ask ${target} for its status?`,
    content: () => ({ action: 'TriggerMessage', payload: { requestedMessage: 'StatusNotification' } }),
  },
  {
    id: 'reset-soft',
    label: 'Restart when idle',
    question: (target) => `Restart ${target} when it is idle?`,
    consequence:
      'It ends what it does in good order and starts anew; for a minute or two it is offline. A charge that goes on is ended by a 1.6 charge point, and waited for by a later one.',
    content: (version) =>
      is16(version) ? { action: 'Reset', payload: { type: 'Soft' } } : { action: 'Reset', payload: { type: 'OnIdle' } },
  },
  {
    id: 'reset-hard',
    label: 'Restart at once',
    question: (target) => `Restart ${target} at once?`,
    consequence: 'Charges that go on are broken off. For a minute or two it is offline.',
    content: (version) =>
      is16(version)
        ? { action: 'Reset', payload: { type: 'Hard' } }
        : { action: 'Reset', payload: { type: 'Immediate' } },
  },
  {
    id: 'out-of-service',
    label: 'Take out of service',
    question: (target) => `Take ${target} out of service?`,
    consequence:
      'Nobody can begin to charge there until it is put into service again. Charges that go on may end first.',
    content: (version) => availability(version, 'Inoperative'),
  },
  {
    id: 'into-service',
    label: 'Put into service',
    question: (target) => `Put ${target} into service?`,
    content: (version) => availability(version, 'Operative'),
  },
  {
    id: 'clear-cache',
    label: 'Clear authorization cache',
    question: (target) => `Clear the authorization cache of ${target}?`,
    consequence: 'It asks here for every card again. While it is offline it knows none but those of its local list.',
    content: () => ({ action: 'ClearCache', payload: {} }),
  },
];

/** 1.6: connector 0 is the charge point as a whole; in 2.x no EVSE is named. */
function availability(version: OcppVersion, status: 'Operative' | 'Inoperative'): CommandContent {
  return is16(version)
    ? { action: 'ChangeAvailability', payload: { connectorId: 0, type: status } }
    : { action: 'ChangeAvailability', payload: { operationalStatus: status } };
}

export interface Outlet {
  evseId?: number | undefined;
  connectorId: number;
}

export interface StartChoice extends Outlet {
  idToken: string;
  /** 2.x: how the charge point names this request in what it reports. */
  remoteStartId: number;
}

export function startContent(
  version: OcppVersion,
  { idToken, evseId, connectorId, remoteStartId }: StartChoice,
): CommandContent {
  return is16(version)
    ? { action: 'RemoteStartTransaction', payload: { connectorId, idTag: idToken } }
    : {
        action: 'RequestStartTransaction',
        payload: { remoteStartId, evseId: evseId ?? connectorId, idToken: { idToken, type: 'Central' } },
      };
}

/** `transactionId` is OCPP's. */
export function stopContent(version: OcppVersion, transactionId: string): CommandContent {
  return is16(version)
    ? { action: 'RemoteStopTransaction', payload: { transactionId: Number(transactionId) } }
    : { action: 'RequestStopTransaction', payload: { transactionId } };
}

export function unlockContent(version: OcppVersion, { evseId, connectorId }: Outlet): CommandContent {
  return is16(version)
    ? { action: 'UnlockConnector', payload: { connectorId } }
    : { action: 'UnlockConnector', payload: { evseId: evseId ?? connectorId, connectorId } };
}
