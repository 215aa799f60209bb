import type { Server } from 'node:http';
import type { Bus, Subscription } from '@ocpp-csms/bus';
import type { Cache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { loadValidator } from '@ocpp-csms/ocpp';
import { type Clock, type Log, type Metrics, nodeName, noTracer, type Tracer } from '@ocpp-csms/runtime';
import { checkDecisions } from './answering.ts';
import { AuthRecords } from './auth-records.ts';
import { Budgets } from './budgets.ts';
import { checkCalls } from './calls-out.ts';
import { Closing } from './closing.ts';
import type { ConnectionLimits } from './connection.ts';
import { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { Facts } from './facts.ts';
import { isoClock } from './iso-clock.ts';
import { Lease } from './lease.ts';
import { Listener } from './listener.ts';
import { takeMessageOut } from './messages-out.ts';
import { MissedChanges } from './missed-changes.ts';
import { PingWheel } from './ping-wheel.ts';
import { Refusals } from './refusals.ts';
import { createRemoteEnd } from './remote-address.ts';
import { serveReplaced } from './replaced-elsewhere.ts';
import { createServerMetrics } from './server-metrics.ts';
import { Sockets } from './sockets.ts';
import { StorageGuard } from './storage-guard.ts';
import { storingFailed } from './storing.ts';
import { Ticker } from './ticker.ts';

export interface CsmsServerOptions {
  settings: Settings;
  bus: Bus;
  cache: Cache;
  log: Log;
  clock: Clock;
  metrics: Metrics;
  tracer?: Tracer;
  /** Unique and time-ordered (`createIdSource` of the bus). */
  newId(): string;
  /** Its upgrades are taken; it is opened and closed by whoever made it. */
  server: Server;
}

export interface CsmsServer {
  start(): Promise<void>;
  /** Refuses upgrades, answers what is under way, closes the connections; bounded by `csmsServer.drainSeconds`. */
  stop(): Promise<void>;
  /** What is wrong, in words; undefined: nothing. */
  readiness(): Promise<string | undefined>;
  /** Charge points connected to this node. */
  connections(): number;
}

/** How many addresses and identities are kept an eye on. */
const maxBudgetKeys = 50_000;

export function createCsmsServer(options: CsmsServerOptions): CsmsServer {
  let running: Running | undefined;
  return {
    async start() {
      running ??= await startAll(options);
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
    readiness: async () =>
      running === undefined ? 'csms-server is not started' : (running.problem() ?? problemOf(options.cache)),
    connections: () => running?.connections.count ?? 0,
  };
}

/** Without the cache nobody can be let in. */
async function problemOf({ auth }: Cache): Promise<string | undefined> {
  return auth.isComplete().then(
    () => undefined,
    (error: unknown) => `The cache cannot be asked who may connect: ${error instanceof Error ? error.message : error}`,
  );
}

interface Running {
  connections: Connections;
  problem(): string | undefined;
  stop(): Promise<void>;
}

async function startAll(options: CsmsServerOptions): Promise<Running> {
  const { settings, bus, cache, server } = options;
  const { context, closing, connections, wheel, lease } = await build(options);
  const records = new AuthRecords({ cache: cache.auth, bus, ignoreCase: settings.auth.caseInsensitiveIds });
  const refusals = new Refusals({
    facts: context.facts,
    log: context.log,
    maxEntries: settings.auth.rememberedRefusals,
  });
  const listener = new Listener({ server, context, connections, refusals, ...budgetsOf(settings, records) });
  const missed = new MissedChanges({ context, connections, records });
  const { ticker } = context;
  ticker.onTick((now) => {
    // First: after a pause there may be no connections any more.
    lease.tick(now);
    missed.tick(now);
    wheel.tick();
    checkDecisions(now, context);
    checkCalls(now, context);
    context.guard.tick(now);
    refusals.tick(now);
    closing.tick();
  });
  const forgetChanges = cache.auth.onChange((networkId, record) => {
    records.changed(networkId, record);
    connections.changed(networkId, record);
  });
  const forgetMissed = cache.auth.onMissedChanges(() => missed.note());
  await records.start();
  const outgoing = await bus.receive(context.node, (envelope) => {
    context.checkLease();
    return takeMessageOut(envelope, connections.get(envelope.client), context);
  });
  const replaced = await serveReplaced(connections, context);
  ticker.start();
  listener.start();
  return {
    connections,
    problem: () => (context.isDraining ? 'shutting down' : context.guard.problem),
    stop: () =>
      stopAll({
        context,
        closing,
        listener,
        subscriptions: [outgoing, replaced],
        forget: [forgetChanges, forgetMissed],
      }),
  };
}

interface Parts {
  context: ServerContext;
  closing: Closing;
  connections: Connections;
  wheel: PingWheel;
  lease: Lease;
}

async function build(options: CsmsServerOptions): Promise<Parts> {
  const { settings, bus, cache, log, clock, metrics, tracer = noTracer, newId } = options;
  const node = nodeName(settings);
  const ticker = new Ticker();
  const undecidedCloses = new Budgets({ perMinute: 1, maxKeys: maxBudgetKeys });
  const guard = new StorageGuard({
    retrySeconds: settings.csmsServer.storeRetrySeconds,
    log,
    onUnavailable: () => closing.closeAll(1013, 'Messages can not be stored now; try again'),
  });
  const facts = new Facts({
    bus,
    log,
    clock,
    node,
    newId,
    deadlineMs: settings.bus.publishDeadlineSeconds * 1000,
    onFailure: (error) => storingFailed(error, context),
  });
  const context: ServerContext = {
    settings,
    node,
    bus,
    cache,
    log,
    clock,
    newId,
    iso: isoClock(clock),
    ticker,
    guard,
    facts,
    tracer,
    metrics: createServerMetrics(metrics, () => connections.countByVersion()),
    validators: await loadValidators(),
    undecided: new Set(),
    underWay: new Set(),
    busy: new Set(),
    checkLease: () => lease.check(),
    closeUndecided(connection, code, reason) {
      if (undecidedCloses.take(connection.networkId, ticker.now)) connection.close(code, reason);
    },
    isDraining: false,
  };
  const wheel = new PingWheel(context);
  const limits = limitsOf(settings);
  const connections = new Connections({
    context,
    sockets: new Sockets(settings.csmsServer),
    wheel,
    limits,
  });
  const closing = new Closing(connections);
  const lease = new Lease({ context, connections });
  return { context, closing, connections, wheel, lease };
}

async function loadValidators(): Promise<ServerContext['validators']> {
  const [v16, v201, v21] = await Promise.all([
    loadValidator('ocpp1.6'),
    loadValidator('ocpp2.0.1'),
    loadValidator('ocpp2.1'),
  ]);
  return { 'ocpp1.6': v16, 'ocpp2.0.1': v201, 'ocpp2.1': v21 };
}

function limitsOf({ csmsServer }: Settings): ConnectionLimits {
  return {
    // A charge point repeats within some minutes (1.6 §9.1, TransactionMessageRetryInterval), or it is no repeat.
    inbound: { remembered: 50, rememberedSize: 32_768, rememberedMs: 600_000 },
    outbound: { queued: csmsServer.maxQueuedCalls, timeoutMs: csmsServer.callTimeoutSeconds * 1000, remembered: 20 },
    maxBufferedBytes: csmsServer.maxBufferedBytes,
  };
}

function budgetsOf(settings: Settings, records: AuthRecords) {
  const { auth, csmsServer, http } = settings;
  return {
    remoteEnd: createRemoteEnd(http.trustedProxies),
    admission: new Budgets({
      perMinute: csmsServer.upgradesPerSecond * 60,
      burst: csmsServer.upgradesPerSecond,
      maxKeys: 1,
    }),
    reconnects: new Budgets({ perMinute: auth.reconnectsPerMinute, maxKeys: maxBudgetKeys }),
    authentication: {
      settings,
      records,
      addressFailures: new Budgets({ perMinute: auth.failuresPerMinutePerAddress, maxKeys: maxBudgetKeys }),
      identityFailures: new Budgets({ perMinute: auth.failuresPerMinutePerIdentity, maxKeys: maxBudgetKeys }),
    },
  };
}

interface Stopping {
  context: ServerContext;
  closing: Closing;
  listener: Listener;
  subscriptions: readonly Subscription[];
  forget: readonly (() => void)[];
}

/** New connections are refused all along: the listener goes last. */
async function stopAll({ context, closing, listener, subscriptions, forget }: Stopping): Promise<void> {
  const drainMs = context.settings.csmsServer.drainSeconds * 1000;
  context.isDraining = true;
  await closing.until(() => context.underWay.size === 0, drainMs);
  await Promise.all(subscriptions.map((subscription) => subscription.close()));
  closing.closeAll(1001, 'This node is shutting down; connect again', drainMs);
  await closing.untilClosed(drainMs + 1000);
  closing.terminateAll();
  await closing.untilClosed(1000);
  await context.facts.settled();
  for (const one of forget) one();
  context.ticker.stop();
  listener.stop();
}
