import { randomUUID } from 'node:crypto';
import { adviceOnToken } from '../advice.ts';
import type { Ev } from '../ev/ev.ts';
import type { Visit } from '../simulation.ts';
import { untilAlignedSeconds } from './aligned.ts';
import type { Connector } from './connector.ts';
import type { Station } from './context.ts';
import type { ChargingState, ConnectorStatus, Draft, Moment, StopReason, Transaction } from './dialect.ts';
import { createReservations, type Reservations } from './reservations.ts';

export interface BeginOptions {
  token: string;
  /** Simulated seconds until the driver ends it. */
  staySeconds: number;
  remoteStartId?: number;
}

/** From the plug to the bill: cars that come, transactions that start, are metered and end. */
export interface Transactions {
  readonly reservations: Reservations;
  /** A car comes, is refused or charges, and goes. Resolves with what became of its token. */
  visit(connector: Connector, visit: Omit<Visit, 'afterSeconds' | 'connectorId'>): Promise<string>;
  /** For a token that was accepted; brings a car along where none is plugged in. */
  begin(connector: Connector, options: BeginOptions): void;
  report(connector: Connector, status: ConnectorStatus): Promise<void>;
  /** As it is, without a transaction. */
  statusNow(connector: Connector): ConnectorStatus;
  /** The power has come back: what was under way when it went is ended (1.6 §4.10, reason PowerLoss). */
  endInterrupted(): void;
  /** Of a car whose size nobody said. */
  usualCar(): Ev;
}

/** The driver looks at the car, and a full one shows in its state. */
const lookEverySeconds = 60;
const suspendedBelowW = 50;

export function createTransactions(station: Station): Transactions {
  const { options, dialect, settings, quirks, clock, outbox, say, authorization, profiles } = station;
  const interrupted: { transaction: Transaction; moment: Moment }[] = [];
  /** Starts that are said again after the end. */
  const said = new Map<Transaction, Draft>();
  const momentOf = (connector: Connector) => connector.moment(!station.isOnline());
  const reservations = createReservations(station, report);

  const usualCar = (): Ev => ({ soc: 40, capacityWh: 60_000, maxPowerW: 7400, temperatureC: 20 });

  async function report(connector: Connector, status: ConnectorStatus): Promise<void> {
    connector.status = status;
    if (!station.isOnline()) return;
    await station.tell(dialect.status(connector.id, status, clock.now()));
    say('status', `connector ${connector.id} is ${status}`, { connectorId: connector.id, status });
  }

  /** A report that fails with the connection is made up for by those after the next boot. */
  const reportSoon = (connector: Connector, status: ConnectorStatus) =>
    station.own(report(connector, status), 'StatusNotification');

  function statusNow(connector: Connector): ConnectorStatus {
    if (!connector.isOperative) return 'Unavailable';
    return reservations.on(connector) === undefined ? 'Available' : 'Reserved';
  }

  async function visit(connector: Connector, { token, staySeconds, ...car }: Parameters<Transactions['visit']>[1]) {
    connector.ev = {
      soc: car.soc,
      capacityWh: car.capacityKwh * 1000,
      maxPowerW: car.maxPowerW,
      temperatureC: car.temperatureC ?? 20,
    };
    reportSoon(connector, 'Preparing');
    const { status } = reservations.mayUse(connector, token)
      ? await authorization.decide(token)
      : { status: 'reserved for somebody else' };
    if (status === 'Accepted') {
      say('authorized', `token ${token} is accepted`, { token });
      if (connector.running === undefined) begin(connector, { token, staySeconds });
      await connector.running?.done;
    } else {
      say('token-refused', adviceOnToken(status, { url: options.url, token }), { token, status });
      leave(connector);
    }
    return status;
  }

  function leave(connector: Connector): void {
    connector.ev = undefined;
    reportSoon(connector, statusNow(connector));
  }

  function begin(connector: Connector, { token, staySeconds, remoteStartId }: BeginOptions): void {
    connector.ev ??= usualCar();
    const reservation = reservations.use(connector, token);
    const moment = momentOf(connector);
    const transaction: Transaction = {
      id: options.version === 'ocpp1.6' ? undefined : randomUUID(),
      connectorId: connector.id,
      token,
      startedAt: moment.at,
      meterStart: moment.meterWh,
      seqNo: 0,
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
      ...(reservation === undefined ? {} : { reservationId: reservation.id }),
    };
    const { promise: stopped, resolve: stop } = Promise.withResolvers<StopReason>();
    const done = run(connector, transaction, stopped, stop, { moment, staySeconds });
    connector.running = { transaction, stop, done };
    station.own(done, 'charging');
  }

  async function run(
    connector: Connector,
    transaction: Transaction,
    stopped: Promise<StopReason>,
    stop: (reason: StopReason) => void,
    { moment, staySeconds }: { moment: Moment; staySeconds: number },
  ): Promise<void> {
    const power = station.power();
    try {
      await start(connector, transaction, moment, stop);
      connector.isClosed = true;
      const reason = await meter(connector, transaction, { stopped, staySeconds, power });
      end(transaction, momentOf(connector), reason);
      connector.isClosed = false;
      reportSoon(connector, 'Finishing');
    } catch (error) {
      if (!power.aborted) throw error;
      interrupted.push({ transaction, moment: momentOf(connector) });
    } finally {
      connector.isClosed = false;
      connector.running = undefined;
      profiles.transactionEnded(connector.id);
      leave(connector);
    }
  }

  /** Online the contactor waits for the answer; offline it does not. */
  async function start(
    connector: Connector,
    transaction: Transaction,
    moment: Moment,
    stop: (reason: StopReason) => void,
  ): Promise<void> {
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const build = dialect.started(transaction, moment);
    outbox.push({
      build,
      answered(answer) {
        transaction.id = dialect.transactionId(answer) ?? transaction.id;
        const info = dialect.tokenInfo(answer) ?? { status: 'Accepted' };
        authorization.heard(transaction.token, info);
        say('started', `transaction ${transaction.id} started with token ${transaction.token}: ${info.status}`, {
          transactionId: transaction.id,
          connectorId: connector.id,
        });
        if (info.status !== 'Accepted' && settings.flag('stopOnInvalidId')) stop('DeAuthorized');
        resolve();
      },
    });
    if (quirks.has('repeats-start')) outbox.push({ build });
    if (quirks.has('repeats-start-after-stop')) said.set(transaction, build);
    if (station.isOnline()) await Promise.race([answered, station.offline()]);
    reportSoon(connector, 'Charging');
  }

  async function meter(
    connector: Connector,
    transaction: Transaction,
    { stopped, staySeconds, power }: { stopped: Promise<StopReason>; staySeconds: number; power: AbortSignal },
  ): Promise<StopReason> {
    const leavesAt = clock.elapsedMs() + staySeconds * 1000;
    let state: ChargingState = 'Charging';
    let sampleAt = clock.elapsedMs() + sampleMs();
    for (;;) {
      const now = clock.elapsedMs();
      const alignedAt = now + untilAlignedSeconds(station) * 1000;
      const next = Math.min(leavesAt, sampleAt, alignedAt, now + lookEverySeconds * 1000);
      const reason = await Promise.race([stopped, clock.sleep((next - now) / 1000, power)]);
      const moment = momentOf(connector);
      if (reason !== undefined) return reason;
      const at = clock.elapsedMs();
      state = showState(connector, transaction, moment, state);
      if (at >= leavesAt) return 'Local';
      if (at >= alignedAt) push(transaction, moment, 'Sample.Clock');
      if (at >= sampleAt) {
        push(transaction, moment, 'Sample.Periodic');
        sampleAt = at + sampleMs();
        sayMeter(transaction, moment);
      }
    }
  }

  const sampleMs = () => (settings.number('sampleSeconds') || Number.POSITIVE_INFINITY) * 1000;

  function showState(
    connector: Connector,
    transaction: Transaction,
    moment: Moment,
    before: ChargingState,
  ): ChargingState {
    const state: ChargingState =
      moment.powerW > suspendedBelowW
        ? 'Charging'
        : moment.offeredW > suspendedBelowW
          ? 'SuspendedEV'
          : 'SuspendedEVSE';
    if (state === before) return state;
    const draft = dialect.stateChanged(transaction, moment, state);
    if (draft !== undefined) outbox.push({ build: draft });
    reportSoon(connector, state);
    return state;
  }

  function push(transaction: Transaction, moment: Moment, context: 'Sample.Clock' | 'Sample.Periodic'): void {
    const isRelative = quirks.has('session-relative-meter');
    const shown = isRelative ? { ...moment, meterWh: moment.meterWh - transaction.meterStart } : moment;
    outbox.push({ build: dialect.metered(transaction, shown, context, settings) });
  }

  function sayMeter({ id, meterStart }: Transaction, { meterWh, powerW }: Moment): void {
    say('meter', `${Math.round(meterWh - meterStart)} Wh, ${Math.round(powerW)} W`, {
      transactionId: id,
      meter: Math.round(meterWh),
      powerW: Math.round(powerW),
    });
  }

  function end(transaction: Transaction, moment: Moment, reason: StopReason): void {
    const energyWh = Math.round(moment.meterWh) - Math.round(transaction.meterStart);
    outbox.push({
      build: dialect.stopped(transaction, moment, reason, settings),
      answered: () =>
        say('stopped', `transaction ${transaction.id} stopped (${reason}), ${energyWh} Wh`, {
          transactionId: transaction.id,
          connectorId: transaction.connectorId,
          reason,
          energyWh,
        }),
    });
    const again = said.get(transaction);
    if (again !== undefined) outbox.push({ build: again });
    said.delete(transaction);
  }

  return {
    reservations,
    visit,
    begin,
    report,
    statusNow,
    usualCar,
    endInterrupted() {
      for (const { transaction, moment } of interrupted.splice(0)) end(transaction, moment, 'PowerLoss');
    },
  };
}
