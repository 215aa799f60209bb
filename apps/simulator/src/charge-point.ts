import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';
import { adviceOnRefusal, adviceOnToken } from './advice.ts';
import { dialect16 } from './dialect-1.6.ts';
import { dialect2 } from './dialect-2.ts';
import { createLink, NotAnswered } from './link.ts';
import type { Commands, ConnectorStatus, Dialect, Message, StopReason, Transaction } from './scene.ts';

export interface SimulationOptions {
  url: string;
  id: string;
  version: OcppVersion;
  password?: string;
  token: string;
  /** One charge, then the end; also the end when refused. */
  once: boolean;
  /** Between meter values, in seconds. */
  interval: number;
  /** How long a charge takes, in seconds. */
  duration: number;
  /** One line for each event. */
  say(event: string, sentence: string, details?: JsonObject): void;
}

export const exitCodes = { ok: 0, unreachable: 1, usage: 2, refused: 3, tokenRefused: 4 } as const;

export interface Simulation {
  start(): void;
  /** Ends a charge under way, says so, and disconnects. */
  stop(): Promise<void>;
  /** Resolves with the exit code when there is nothing more to do: with `once`, or after `stop`. */
  readonly finished: Promise<number>;
}

const powerInWatts = 7400;
const tokenRetrySeconds = 10;

/** A charge point with one connector that boots, charges once, and then does what the CSMS says. */
export function simulate(options: SimulationOptions): Simulation {
  const { url, id, token, once, say } = options;
  const dialect: Dialect = options.version === 'ocpp1.6' ? dialect16 : dialect2;
  const configuration = dialect.configuration(options.interval);
  let online = deferred<void>();
  const end = deferred<number>();
  const ended = new AbortController();
  let meter = 0;
  let operative = true;
  let started = false;
  let charging: { transaction: Transaction; stop(reason: StopReason): void; done: Promise<void> } | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let booted = false;

  const link = createLink({
    ...options,
    networkId: id,
    onOpen: () => {
      say('connected', `connected to ${url}`);
      own(boot(), 'boot');
    },
    onClosed: (code, reason) => {
      clearInterval(heartbeat);
      if (booted) online = deferred<void>();
      booted = false;
      if (!ended.signal.aborted)
        say('disconnected', `disconnected (${code} ${reason}); connecting again`, { code, reason });
    },
    onRefused: (status, reason) => {
      say('refused', adviceOnRefusal(status, { url, id, reason }), { status: status ?? null });
      if (once) finish(status === undefined ? exitCodes.unreachable : exitCodes.refused);
    },
    answer: (action, payload) => {
      const answer = dialect.answer(action, payload, commands);
      say('command', `the CSMS sent ${action}: answered ${shortly(answer ?? 'NotImplemented')}`, {
        action,
        payload,
        answer,
      });
      return answer;
    },
  });

  function finish(code: number): void {
    ended.abort();
    clearInterval(heartbeat);
    link.stop();
    end.resolve(code);
  }

  /** Nothing that fails here may stay unseen. */
  function own(work: Promise<unknown>, what: string): void {
    work.catch((error: unknown) => {
      if (!ended.signal.aborted && !(error instanceof NotAnswered)) say('error', `${what} failed: ${String(error)}`);
    });
  }

  async function boot(): Promise<void> {
    for (;;) {
      const { action, payload } = dialect.boot(id);
      const { status, interval } = await link.call(action, payload);
      const seconds = Math.max(1, Number(interval) || 60);
      say('booted', `BootNotification ${status}, ${status === 'Accepted' ? 'heartbeat' : 'again'} every ${seconds} s`, {
        status,
        interval,
      });
      if (status === 'Accepted') return accepted(seconds);
      await pause(seconds, ended.signal);
    }
  }

  async function accepted(heartbeatSeconds: number): Promise<void> {
    heartbeat = setInterval(() => own(tell(dialect.heartbeat()), 'Heartbeat'), heartbeatSeconds * 1000);
    booted = true;
    online.resolve();
    await report(statusNow());
    if (started) return;
    started = true;
    own(firstCharge(), 'charging');
  }

  const statusNow = (): ConnectorStatus => (charging ? 'Charging' : operative ? 'Available' : 'Unavailable');

  function tell({ action, payload }: Message): Promise<JsonObject> {
    return link.call(action, payload);
  }

  async function report(status: ConnectorStatus): Promise<void> {
    await deliver(dialect.status(status, new Date()));
    say('status', `connector 1 is ${status}`, { status });
  }

  /** Until it is answered, over reconnections: transaction messages must not be lost (1.6 §3.7.1, E04). */
  async function deliver(message: Message): Promise<JsonObject> {
    for (;;) {
      await online.promise;
      try {
        return await tell(message);
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw error;
        await pause(0.2, ended.signal);
      }
    }
  }

  async function firstCharge(): Promise<void> {
    while (!charging && !(await authorized())) {
      if (once) return finish(exitCodes.tokenRefused);
      await pause(tokenRetrySeconds, ended.signal);
    }
    if (!charging) begin(token);
    await charging?.done;
    if (once) finish(exitCodes.ok);
    else say('idle', 'waiting for commands; Ctrl-C switches it off');
  }

  async function authorized(): Promise<boolean> {
    const status = dialect.tokenStatus(await deliver(dialect.authorize(token))) ?? 'unknown';
    if (status === 'Accepted') say('authorized', `token ${token} is accepted`, { token });
    else say('token-refused', adviceOnToken(status, { url, token }), { token, status });
    return status === 'Accepted';
  }

  function begin(forToken: string, remoteStartId?: number): void {
    const signal = deferred<StopReason>();
    const transaction: Transaction = {
      id: options.version === 'ocpp1.6' ? '-1' : randomUUID(),
      token: forToken,
      startedAt: new Date(),
      meterStart: meter,
      meter,
      power: powerInWatts,
      seqNo: 0,
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
    };
    const done = charge(transaction, signal.promise).finally(() => {
      charging = undefined;
    });
    charging = { transaction, stop: signal.resolve, done };
    own(done, 'charging');
  }

  async function charge(transaction: Transaction, stopSignal: Promise<StopReason>): Promise<void> {
    await report('Preparing');
    const answer = await deliver(dialect.start(transaction));
    transaction.id = dialect.transactionId(answer) ?? transaction.id;
    const tokenStatus = dialect.tokenStatus(answer) ?? 'Accepted';
    say('started', `transaction ${transaction.id} started with token ${transaction.token}: ${tokenStatus}`, {
      transactionId: transaction.id,
    });
    if (tokenStatus === 'Accepted') await report('Charging');
    const reason = tokenStatus === 'Accepted' ? await meterUntil(transaction, stopSignal) : 'DeAuthorized';
    await deliver(dialect.stop(transaction, reason, new Date()));
    say(
      'stopped',
      `transaction ${transaction.id} stopped (${reason}), ${transaction.meter - transaction.meterStart} Wh`,
      {
        transactionId: transaction.id,
        reason,
        energyWh: transaction.meter - transaction.meterStart,
      },
    );
    await report('Finishing');
    charging = undefined;
    await report(statusNow());
  }

  async function meterUntil(transaction: Transaction, stopSignal: Promise<StopReason>): Promise<StopReason> {
    const until = Date.now() + options.duration * 1000;
    for (;;) {
      const seconds = Math.min(options.interval, (until - Date.now()) / 1000);
      if (seconds <= 0) return 'Local';
      const reason = await Promise.race([stopSignal, pause(seconds, ended.signal)]);
      meter += Math.round((powerInWatts * seconds) / 3600);
      transaction.meter = meter;
      if (reason !== undefined) return reason;
      await deliver(dialect.meterValues(transaction, new Date()));
      say('meter', `${transaction.meter - transaction.meterStart} Wh, ${powerInWatts} W`, {
        transactionId: transaction.id,
        meter,
      });
    }
  }

  async function reboot(reason: StopReason): Promise<void> {
    charging?.stop(reason);
    await charging?.done;
    say('rebooting', 'rebooting');
    link.restart();
  }

  const commands: Commands = {
    configuration,
    get transactionId() {
      return charging?.transaction.id;
    },
    remoteStart(forToken, remoteStartId) {
      if (charging || !operative) return false;
      // After the answer is on its way: the charge point answers before it acts.
      setImmediate(() => !charging && begin(forToken, remoteStartId));
      return true;
    },
    remoteStop(transactionId) {
      if (charging?.transaction.id !== transactionId) return false;
      charging.stop('Remote');
      return true;
    },
    reset: (hard) => own(reboot(hard ? 'HardReset' : 'SoftReset'), 'reboot'),
    setOperative(wanted) {
      operative = wanted;
      if (charging) return false;
      own(report(statusNow()), 'StatusNotification');
      return true;
    },
    unlock: () => charging?.stop('UnlockCommand'),
    trigger(message) {
      const messages: Record<string, () => Promise<unknown>> = {
        BootNotification: boot,
        Heartbeat: () => tell(dialect.heartbeat()),
        StatusNotification: () => report(statusNow()),
      };
      const send = messages[message];
      if (send !== undefined) own(send(), message);
      return send !== undefined;
    },
  };

  return {
    finished: end.promise,
    start: link.start,
    async stop() {
      charging?.stop('Local');
      // The last message has three seconds to be answered; a CSMS that is away must not hold up Ctrl-C.
      if (charging) await Promise.race([charging.done, pause(3, ended.signal)]);
      finish(exitCodes.ok);
    },
  };
}

function shortly(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
}

function deferred<T>(): Deferred<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

/** Resolves after so many seconds; rejects when the signal comes first. */
function pause(seconds: number, signal: AbortSignal): Promise<undefined> {
  return setTimeout(seconds * 1000, undefined, { signal });
}
