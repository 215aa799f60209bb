import type { JsonObject } from '@ocpp-csms/ocpp';
import { type CompositeSchedule, compositeSchedule } from '../smart-charging/composite-schedule.ts';
import type { ChargingProfile, RateUnit } from '../smart-charging/profile.ts';
import type { ProfileStore } from '../smart-charging/profile-store.ts';
import type { Authorization } from '../station/authorization.ts';
import type { Connector } from '../station/connector.ts';
import type { Station } from '../station/context.ts';
import type { Message } from '../station/message.ts';
import type { Reservations } from '../station/reservations.ts';
import type { Settings } from '../station/settings.ts';
import type { Transactions } from '../station/transactions.ts';

export interface RemoteStart {
  token: string;
  /** Undefined: any. */
  connectorId?: number;
  remoteStartId?: number;
  profile?: ChargingProfile;
}

/** What the CSMS may do with a charge point, whatever the version. */
export interface Controls {
  readonly settings: Settings;
  readonly authorization: Authorization;
  readonly profiles: ProfileStore;
  readonly reservations: Reservations;
  readonly connectors: readonly Connector[];
  /** Messages wait to be delivered. */
  readonly hasQueue: boolean;
  now(): Date;
  startRemotely(start: RemoteStart): boolean;
  stopRemotely(transactionId: string): boolean;
  reset(kind: 'hard' | 'soft' | 'when-idle'): 'Accepted' | 'Scheduled';
  /** 0: all of them. */
  setOperative(connectorId: number, isOperative: boolean): 'Accepted' | 'Rejected' | 'Scheduled';
  unlock(connectorId: number): boolean;
  /** False: it does not know the message. */
  trigger(message: string, connectorId: number | undefined): boolean;
  compositeSchedule(connectorId: number, duration: number, unit: RateUnit | undefined): CompositeSchedule | undefined;
  transactionOn(connectorId: number): string | undefined;
  /** The states of an update; nothing is downloaded, since there is nothing to install. */
  updateFirmware(update: FirmwareUpdate): void;
  /** The states of an upload, without the upload. Returns the name of the file. */
  uploadLog(kind: 'diagnostics' | 'log', requestId: number | undefined): string;
  /** After the answer is on its way: a charge point answers before it acts. */
  later(what: string, work: () => Promise<unknown>): void;
  tell(message: Message): Promise<JsonObject>;
}

export interface FirmwareUpdate {
  requestId?: number;
  /** Its signature is checked; one that is none is refused. */
  isSigned: boolean;
  /** Undefined: it is not signed. */
  signingCertificate?: unknown;
  retrieveAt: Date;
}

export interface Lifecycle {
  reboot(reason: 'HardReset' | 'SoftReset'): Promise<void>;
  boot(): Promise<void>;
  /** Boots with the new firmware. */
  install(): Promise<void>;
}

const stationPowerW = 22_000;
/** There is nothing that a signature could be of: that there is a certificate must do. */
const isCertificate = (pem: unknown) => String(pem).includes('-----BEGIN CERTIFICATE-----');

/** Between the states of an update or an upload. */
const stateSeconds = 0.5;

export function createControls(
  station: Station,
  transactions: Transactions,
  { reboot, boot, install }: Lifecycle,
): Controls {
  const { options, settings, authorization, profiles, connectors, clock, dialect, own, tell, outbox } = station;
  const { reservations, report, statusNow } = transactions;
  const later: Controls['later'] = (what, work) => setImmediate(() => own(work(), what));
  const find = (connectorId: number) => connectors.find(({ id }) => id === connectorId);

  async function states(...messages: (Message | undefined)[]): Promise<void> {
    for (const message of messages) {
      if (message === undefined) continue;
      await tell(message);
      await clock.sleep(stateSeconds, station.power());
    }
  }

  function free({ token, connectorId }: RemoteStart): Connector | undefined {
    return connectors.find(
      (connector) =>
        (connectorId === undefined || connector.id === connectorId) &&
        connector.isOperative &&
        connector.running === undefined &&
        reservations.mayUse(connector, token),
    );
  }

  async function start(connector: Connector, { token, remoteStartId, profile }: RemoteStart): Promise<void> {
    if (settings.flag('authorizeRemote') && (await authorization.decide(token)).status !== 'Accepted') return;
    if (connector.running !== undefined) return;
    if (profile !== undefined) profiles.set({ ...profile, connectorId: connector.id });
    if (connector.ev === undefined) {
      connector.ev = transactions.usualCar();
      await report(connector, 'Preparing');
    }
    transactions.begin(connector, {
      token,
      staySeconds: options.duration,
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
    });
  }

  /** Once a transaction under way has ended. */
  async function applyAvailability(connector: Connector, isOperative: boolean): Promise<void> {
    await connector.running?.done;
    connector.isOperative = isOperative;
    if (connector.running === undefined) await report(connector, statusNow(connector));
  }

  const triggers: Record<string, (connector: Connector | undefined) => Promise<unknown>> = {
    BootNotification: boot,
    Heartbeat: () => tell(dialect.heartbeat()),
    StatusNotification: async (one) => {
      for (const connector of one ? [one] : connectors) await report(connector, connector.status);
    },
    MeterValues: async (one) => {
      for (const connector of one ? [one] : connectors)
        await tell(dialect.meterValues(connector.id, connector.moment(false), 'Trigger', settings));
    },
    FirmwareStatusNotification: () => tell(dialect.firmwareStatus('Idle', undefined)),
    DiagnosticsStatusNotification: () => tell(dialect.diagnosticsStatus('Idle')),
    LogStatusNotification: () => tell(dialect.logStatus('Idle', undefined)),
    TransactionEvent: async (one) => {
      for (const connector of one ? [one] : connectors) {
        if (connector.running === undefined) continue;
        const moment = connector.moment(false);
        outbox.push({ build: dialect.metered(connector.running.transaction, moment, 'Trigger', settings) });
      }
    },
  };

  return {
    settings,
    authorization,
    profiles,
    reservations,
    connectors,
    get hasQueue() {
      return outbox.length > 0;
    },
    now: clock.now,
    later,
    tell,
    startRemotely(wanted) {
      const connector = free(wanted);
      if (connector === undefined) return false;
      later('remote start', () => start(connector, wanted));
      return true;
    },
    stopRemotely(transactionId) {
      const running = connectors.find((connector) => connector.running?.transaction.id === transactionId)?.running;
      running?.stop('Remote');
      return running !== undefined;
    },
    reset(kind) {
      const isBusy = connectors.some(({ running }) => running !== undefined);
      if (kind === 'when-idle' && isBusy) {
        later('reboot', async () => {
          await Promise.all(connectors.map(({ running }) => running?.done));
          await reboot('SoftReset');
        });
        return 'Scheduled';
      }
      later('reboot', () => reboot(kind === 'hard' ? 'HardReset' : 'SoftReset'));
      return 'Accepted';
    },
    setOperative(connectorId, isOperative) {
      const wanted = connectorId === 0 ? connectors : connectors.filter(({ id }) => id === connectorId);
      if (wanted.length === 0) return 'Rejected';
      const isBusy = wanted.some(({ running }) => running !== undefined);
      for (const connector of wanted) later('availability', () => applyAvailability(connector, isOperative));
      return isBusy ? 'Scheduled' : 'Accepted';
    },
    unlock(connectorId) {
      const connector = find(connectorId);
      connector?.running?.stop('UnlockCommand');
      return connector !== undefined;
    },
    trigger(message, connectorId) {
      const send = triggers[message];
      const isKnown =
        options.version === 'ocpp1.6' ? message !== 'TransactionEvent' : message !== 'DiagnosticsStatusNotification';
      if (send === undefined || !isKnown) return false;
      later(message, () => send(connectorId === undefined ? undefined : find(connectorId)));
      return true;
    },
    compositeSchedule(connectorId, duration, unit = 'W') {
      const transaction = find(connectorId)?.running?.transaction;
      return compositeSchedule(profiles.all, {
        connectorId,
        ...(transaction === undefined ? {} : { transaction }),
        start: clock.now(),
        duration,
        unit,
        most: connectorId === 0 ? stationPowerW * connectors.length : stationPowerW,
      });
    },
    transactionOn: (connectorId) => find(connectorId)?.running?.transaction.id,
    updateFirmware({ requestId, isSigned, signingCertificate, retrieveAt }) {
      later('firmware update', async () => {
        const status = (name: string) => dialect.firmwareStatus(name, requestId);
        const waitSeconds = (retrieveAt.getTime() - clock.now().getTime()) / 1000;
        if (waitSeconds > 0) {
          if (isSigned) await states(status('DownloadScheduled'));
          await clock.sleep(waitSeconds, station.power());
        }
        await states(status('Downloading'), status('Downloaded'));
        if (isSigned && !isCertificate(signingCertificate)) return tell(status('InvalidSignature'));
        await states(...(isSigned ? [status('SignatureVerified')] : []), status('Installing'));
        await install();
        return tell(status('Installed'));
      });
    },
    uploadLog(kind, requestId) {
      const status = (name: string) =>
        kind === 'log' ? dialect.logStatus(name, requestId) : dialect.diagnosticsStatus(name);
      later('upload', () => states(status('Uploading'), status('Uploaded')));
      return `${kind}-${clock.now().toISOString().slice(0, 10)}.txt`;
    },
  };
}
