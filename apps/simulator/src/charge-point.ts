import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '@ocpp-csms/ocpp';
import { adviceOnRefusal } from './advice.ts';
import { commands16 } from './commands/commands-1.6.ts';
import { commands2 } from './commands/commands-2.ts';
import { createControls } from './commands/controls.ts';
import { dialect16 } from './dialect-1.6.ts';
import { dialect2 } from './dialect-2.ts';
import { AnswerMissing, createLink, ErrorAnswer, NotConnected } from './link.ts';
import { exitCodes, type Simulation, type SimulationOptions, type Visit } from './simulation.ts';
import { limitAt } from './smart-charging/composite-schedule.ts';
import { createProfileStore } from './smart-charging/profile-store.ts';
import { sayAlignedReadings } from './station/aligned.ts';
import { createAuthorization } from './station/authorization.ts';
import { createClock } from './station/clock.ts';
import { type Connector, createConnector } from './station/connector.ts';
import type { Station } from './station/context.ts';
import type { BootReason } from './station/dialect.ts';
import { createHabits } from './station/habits.ts';
import type { Message } from './station/message.ts';
import { createOutbox } from './station/outbox.ts';
import { createSettings } from './station/settings.ts';
import { createTransactions } from './station/transactions.ts';

const stationPowerW = 22_000;
const tokenRetrySeconds = 10;
/** A clock that was set by less makes no security event. */
const worthSayingMs = 20_000;
/** The last messages have so many real seconds to be answered; a CSMS that is away must not hold up Ctrl-C. */
const lastWordsSeconds = 3;

/** A charge point that boots, charges by itself or with the cars that come, and does what the CSMS says. */
export function simulate(options: SimulationOptions): Simulation {
  const { url, id, once, say, nextVisit, connectors: size = 1 } = options;
  const is16 = options.version === 'ocpp1.6';
  const dialect = is16 ? dialect16 : dialect2;
  const quirks = new Set(options.quirks);
  const clock = createClock(options.speed ?? 1, options.begin);
  const settings = createSettings(is16 ? '1.6' : '2', {
    sampleSeconds: String(options.interval),
    connectors: String(size),
  });
  const profiles = createProfileStore();
  const end = Promise.withResolvers<number>();
  const ended = new AbortController();
  let power = new AbortController();
  let online = Promise.withResolvers<void>();
  let lost = Promise.withResolvers<void>();
  lost.resolve();
  let isAccepted = false;
  let hasBegun = false;
  let isPowered = false;
  let isFinished = false;
  let isNetworkUp = true;
  let bootReason: BootReason = 'PowerUp';
  let firmwareVersion = '1.0';
  let heartbeat = new AbortController();
  let commands = (_action: string, _payload: JsonObject): JsonObject | undefined => undefined;

  const link = createLink({
    ...options,
    networkId: id,
    speed: clock.speed,
    quirks,
    onOpen() {
      say('connected', `connected to ${url}`);
      own(opened(), 'boot');
    },
    onClosed(code, reason) {
      offline();
      if (!isFinished) own(habits.lost(), 'reboot');
      if (!power.signal.aborted)
        say('disconnected', `disconnected (${code} ${reason}); connecting again`, { code, reason });
    },
    onRefused(status, reason) {
      say('refused', adviceOnRefusal(status, { url, id, reason }), { status: status ?? null });
      if (once) finish(status === undefined ? exitCodes.unreachable : exitCodes.refused);
    },
    answer(action, payload) {
      if (!isAccepted) habits.askedEarly();
      const answer = commands(action, payload);
      habits.answered(action, answer);
      say('command', `the CSMS sent ${action}: answered ${shortly(answer ?? 'NotImplemented')}`, {
        action,
        payload,
        answer,
      });
      return answer;
    },
  });

  const tell = ({ action, payload }: Message) => link.call(action, payload);

  const outbox = createOutbox({
    online: () => online.promise,
    call: tell,
    retries: () =>
      options.retries === 'common-stacks'
        ? { attempts: 3, seconds: 30, isGrowing: false }
        : {
            attempts: quirks.has('retries-for-ever') ? Number.POSITIVE_INFINITY : settings.number('attempts'),
            seconds: settings.number('retrySeconds'),
            isGrowing: true,
          },
    pause: (seconds) => clock.sleep(seconds, ended.signal),
    discarded: ({ action }, why) => say('discarded', `${action} is given up: ${why}`, { action, why }),
  });

  const connectors = Array.from({ length: size }, (_, index) =>
    createConnector({ id: index + 1, maxPowerW: stationPowerW, clock, limitW }),
  );

  function limitW({ id: connectorId, running }: Connector, at: Date): number | undefined {
    return limitAt(profiles.all, at, {
      connectorId,
      ...(running === undefined ? {} : { transaction: running.transaction }),
    });
  }

  const authorization = createAuthorization({
    settings,
    now: clock.now,
    isOnline: () => isAccepted,
    async ask(token) {
      try {
        return dialect.tokenInfo(await tell(dialect.authorize(token)));
      } catch (error) {
        if (error instanceof NotConnected || error instanceof AnswerMissing || error instanceof ErrorAnswer)
          return undefined;
        throw error;
      }
    },
  });

  const station: Station = {
    options,
    dialect,
    settings,
    quirks,
    clock,
    authorization,
    profiles,
    outbox,
    connectors,
    isOnline: () => isAccepted,
    offline: () => lost.promise,
    power: () => power.signal,
    tell,
    own,
    say,
  };
  const transactions = createTransactions(station);
  const habits = createHabits(station, { reconnect: link.restart, drop: link.drop, setPower });
  const controls = createControls(station, transactions, { reboot, boot: () => boot('PowerUp'), install });
  commands = (action, payload) => (is16 ? commands16 : commands2)[action]?.(payload, controls);

  function own(work: Promise<unknown>, what: string): void {
    work.catch((error: unknown) => {
      if (error instanceof NotConnected || power.signal.aborted || isAbort(error)) return;
      say('error', `${what} failed: ${String(error)}`);
    });
  }

  function finish(code: number): void {
    isPowered = false;
    isFinished = true;
    power.abort();
    ended.abort();
    offline();
    link.stop();
    end.resolve(code);
  }

  function offline(): void {
    heartbeat.abort();
    if (isAccepted) online = Promise.withResolvers<void>();
    isAccepted = false;
    lost.resolve();
  }

  async function opened(): Promise<void> {
    if (quirks.has('status-before-boot')) own(tell(dialect.status(1, 'Available', clock.now())), 'StatusNotification');
    if (quirks.has('no-boot-after-reconnect') && hasBegun && bootReason === 'Watchdog')
      return accepted(settings.number('heartbeatSeconds'));
    await boot(bootReason);
  }

  async function boot(reason: BootReason): Promise<void> {
    for (;;) {
      const { status, interval, currentTime } = await tell(dialect.boot(id, reason, firmwareVersion));
      const seconds = Math.max(1, Number(interval) || 60);
      say('booted', `BootNotification ${status}, ${status === 'Accepted' ? 'heartbeat' : 'again'} every ${seconds} s`, {
        status,
        interval,
      });
      if (status === 'Accepted') return accepted(seconds, String(currentTime));
      await clock.sleep(seconds, power.signal);
    }
  }

  async function accepted(heartbeatSeconds: number, currentTime?: string): Promise<void> {
    if (currentTime !== undefined) setClockBy(currentTime);
    heartbeat.abort();
    heartbeat = new AbortController();
    own(beat(heartbeatSeconds, heartbeat.signal), 'Heartbeat');
    if (!isAccepted) lost = Promise.withResolvers<void>();
    isAccepted = true;
    online.resolve();
    if (bootReason !== 'Watchdog')
      own(tell(dialect.securityEvent(startUpEvent(), clock.now())), 'SecurityEventNotification');
    bootReason = 'Watchdog';
    own(habits.accepted(heartbeat.signal), 'habits of the firmware');
    own(sayAlignedReadings(station, heartbeat.signal), 'MeterValues');
    for (const connector of connectors) {
      const isBusy = connector.running !== undefined || connector.ev !== undefined;
      await transactions.report(connector, isBusy ? connector.status : transactions.statusNow(connector));
    }
    transactions.endInterrupted();
    if (hasBegun) return;
    hasBegun = true;
    if (nextVisit === undefined) own(firstCharge(), 'charging');
    else for (const connector of connectors) own(visits(connector, nextVisit), 'charging');
  }

  const startUpEvent = () => securityEvents[bootReason] ?? 'StartupOfTheDevice';

  async function beat(seconds: number, stop: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(seconds, stop);
      try {
        const { currentTime } = await tell(dialect.heartbeat());
        setClockBy(String(currentTime));
      } catch (error) {
        if (!(error instanceof AnswerMissing || error instanceof ErrorAnswer)) throw error;
        say('error', `Heartbeat failed: ${error.message}`);
      }
    }
  }

  function setClockBy(currentTime: string): void {
    const time = new Date(currentTime);
    if (Number.isNaN(time.getTime())) return;
    const before = clock.now();
    clock.setBy(time);
    if (Math.abs(clock.now().getTime() - before.getTime()) < worthSayingMs) return;
    say('clock', `the clock was set from ${before.toISOString()} to ${clock.now().toISOString()}`);
    own(tell(dialect.securityEvent('SettingSystemTime', clock.now())), 'SecurityEventNotification');
  }

  async function firstCharge(): Promise<void> {
    const [connector] = connectors;
    if (connector === undefined) return;
    const car = { token: options.token, staySeconds: options.duration, soc: 40, capacityKwh: 60, maxPowerW: 7400 };
    while ((await transactions.visit(connector, car)) !== 'Accepted') {
      if (once) return finish(exitCodes.tokenRefused);
      await clock.sleep(tokenRetrySeconds, power.signal);
    }
    if (once) {
      await outbox.empty();
      return finish(exitCodes.ok);
    }
    say('idle', 'waiting for commands; Ctrl-C switches it off');
  }

  async function visits(connector: Connector, next: () => Visit | undefined): Promise<void> {
    for (let coming = next(); coming !== undefined; coming = next()) {
      const { afterSeconds, ...visit } = coming;
      await clock.sleep(afterSeconds, power.signal);
      if (isFree(connector)) await transactions.visit(connector, visit);
    }
  }

  const isFree = ({ ev, running, isOperative }: Connector) => ev === undefined && running === undefined && isOperative;

  /** Ends what is under way, boots with the new firmware, and resolves when it is accepted again. */
  async function install(): Promise<void> {
    await endAll('SoftReset');
    say('rebooting', 'rebooting with the new firmware');
    firmwareVersion = `1.${Number(firmwareVersion.split('.')[1]) + 1}`;
    bootReason = 'FirmwareUpdate';
    link.restart();
    await lost.promise;
    await online.promise;
  }

  async function reboot(reason: 'HardReset' | 'SoftReset'): Promise<void> {
    await endAll(reason);
    say('rebooting', 'rebooting');
    bootReason = 'RemoteReset';
    link.restart();
  }

  async function endAll(reason: 'HardReset' | 'SoftReset' | 'Local'): Promise<void> {
    const running = connectors.flatMap((connector) => connector.running ?? []);
    for (const { stop } of running) stop(reason);
    const limit = new AbortController();
    const late = wait(lastWordsSeconds * 1000, undefined, { signal: limit.signal }).catch(() => undefined);
    const told = Promise.all(running.map(({ done }) => done)).then(() => outbox.empty());
    await Promise.race([told, late]);
    limit.abort();
  }

  function setPower(on: boolean): void {
    if (on === isPowered) return;
    isPowered = on;
    say(on ? 'power-on' : 'power-off', on ? 'the power is back' : 'the power is gone');
    if (on) powerOn();
    else powerOff();
  }

  function powerOff(): void {
    power.abort();
    for (const connector of connectors) connector.advance();
    offline();
    link.cut();
  }

  function powerOn(): void {
    power = new AbortController();
    bootReason = 'PowerUp';
    if (nextVisit !== undefined) hasBegun = false;
    if (isNetworkUp) link.start();
  }

  return {
    id,
    finished: end.promise,
    get state() {
      return {
        isConnected: isAccepted,
        isAccepted,
        messages: link.messages,
        errors: link.errors,
        queued: outbox.length,
        connectors: connectors.map((connector) => {
          connector.advance();
          const { id: connectorId, status, powerW, meterWh, ev, running } = connector;
          const energyWh = running === undefined ? 0 : meterWh - running.transaction.meterStart;
          return { id: connectorId, status, powerW, energyWh, ...(ev === undefined ? {} : { soc: ev.soc }) };
        }),
      };
    },
    start() {
      isPowered = true;
      link.start();
    },
    async stop() {
      if (isPowered) await endAll('Local');
      finish(exitCodes.ok);
    },
    setPower,
    setNetwork(up) {
      if (up === isNetworkUp) return;
      isNetworkUp = up;
      say(up ? 'network-up' : 'network-down', up ? 'the network is back' : 'the network is gone');
      if (up && isPowered) link.start();
      else link.cut();
    },
    setClock: clock.set,
    setQuirk(quirk, on) {
      if (on) quirks.add(quirk);
      else quirks.delete(quirk);
      link.quirksChanged();
    },
    plugIn({ connectorId = 1, afterSeconds: _now, ...visit }) {
      const connector = connectors[connectorId - 1];
      if (connector === undefined || !isPowered || !isFree(connector)) return false;
      own(transactions.visit(connector, visit), 'charging');
      return true;
    },
  };
}

const securityEvents: Partial<Record<BootReason, string>> = {
  RemoteReset: 'ResetOrReboot',
  FirmwareUpdate: 'FirmwareUpdated',
};

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function shortly(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
