import { charge, demandW, type Ev } from '../ev/ev.ts';
import type { SimulatedClock } from './clock.ts';
import type { ConnectorStatus, Moment, StopReason, Transaction } from './dialect.ts';

/** A transaction under way. */
export interface Running {
  transaction: Transaction;
  stop(reason: StopReason): void;
  /** Resolves when it has ended and the end is on its way to be told. */
  done: Promise<void>;
}

/** One outlet with its meter. What flows is worked out whenever somebody looks. */
export interface Connector {
  readonly id: number;
  status: ConnectorStatus;
  isOperative: boolean;
  ev: Ev | undefined;
  running: Running | undefined;
  /** Whether the contactor is closed. */
  isClosed: boolean;
  readonly meterWh: number;
  readonly powerW: number;
  /** Lets the time until now pass. */
  advance(): void;
  moment(offline: boolean): Moment;
}

export interface ConnectorOptions {
  id: number;
  maxPowerW: number;
  clock: Pick<SimulatedClock, 'elapsedMs' | 'now' | 'at'>;
  /** What the charging profiles allow at a moment, in W; undefined: no limit. */
  limitW(connector: Connector, at: Date): number | undefined;
}

/** So finely is a charging curve followed; longer pauses in bigger steps. */
const stepSeconds = 10;
const mostSteps = 2000;
/** What takes less has one phase. */
const onePhaseW = 7400;

export function createConnector({ id, maxPowerW, clock, limitW }: ConnectorOptions): Connector {
  let at = clock.elapsedMs();
  let meterWh = 0;
  let powerW = 0;

  const offeredW = () => Math.min(maxPowerW, limitW(connector, clock.at(at)) ?? maxPowerW);

  const connector: Connector = {
    id,
    status: 'Available',
    isOperative: true,
    ev: undefined,
    running: undefined,
    isClosed: false,
    get meterWh() {
      return meterWh;
    },
    get powerW() {
      return powerW;
    },
    advance() {
      const now = clock.elapsedMs();
      const { ev } = connector;
      const seconds = (now - at) / 1000;
      if (ev === undefined || !connector.isClosed || seconds <= 0) {
        at = now;
        powerW = ev === undefined || !connector.isClosed ? 0 : Math.min(demandW(ev), offeredW());
        return;
      }
      const steps = Math.min(mostSteps, Math.ceil(seconds / stepSeconds));
      for (let step = 0; step < steps; step++) {
        meterWh += charge(ev, (Math.min(demandW(ev), offeredW()) * seconds) / steps / 3600);
        at += (seconds * 1000) / steps;
      }
      at = now;
      powerW = Math.min(demandW(ev), offeredW());
    },
    moment(offline) {
      connector.advance();
      const { ev } = connector;
      return {
        at: clock.now(),
        meterWh,
        powerW,
        offeredW: connector.isClosed ? offeredW() : 0,
        phases: ev !== undefined && ev.maxPowerW <= onePhaseW ? 1 : 3,
        ...(ev === undefined ? {} : { soc: ev.soc }),
        offline,
      };
    },
  };
  return connector;
}
