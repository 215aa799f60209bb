import type { Server } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Settings } from '@ocpp-csms/config';
import { type Clock, createMetrics, type Log, type LogLevels, type Metrics, systemClock } from '@ocpp-csms/runtime';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { ApiKeys } from './api-keys.ts';
import type { App } from './app.ts';
import { installAuthorization } from './authorize.ts';
import { installConsole } from './console/install-console.ts';
import { type DemoBeside, installDemo } from './demo.ts';
import { installDocs } from './docs.ts';
import { installErrors, pathOf } from './errors.ts';
import type { EventStream } from './event-stream.ts';
import { installHealth, type ReadinessCheck } from './health.ts';
import { isLocalAddress } from './local-address.ts';
import { installLogLevels } from './log-levels.ts';
import { installOpenApi } from './openapi.ts';
import { Problem } from './problem.ts';
import { installProcessInfo } from './process-info.ts';
import { RecentChanges } from './recent-changes.ts';
import { buildSerializer } from './serializers.ts';
import { createLoginCodes } from './sign-in/login-codes.ts';
import { installLogin } from './sign-in/login-routes.ts';
import { trackSilentConnections } from './silent-connections.ts';
import { validatorCompiler } from './validation.ts';

/**
 * Connections that wait to be accepted, as far as the system permits (Linux: net.core.somaxconn). Node's 511 is less
 * than what comes at once after a power cut: the others would try again after 1, 3, 7 … s, most of them in vain.
 */
const listenBacklog = 65_535;

export interface Http {
  /** Services register their routes here, before `listen`. */
  app: App;
  /** For the WebSocket upgrade. */
  server: Server;
  /** Rejects with the system's error when the port or address cannot be had. `port` is the real one. */
  listen(): Promise<{ port: number; host: string }>;
  /** Takes nothing new, ends event streams, finishes what is under way. */
  close(): Promise<void>;
  /** One line of `/health/ready`. */
  addReadiness(name: string, check: ReadinessCheck): void;
  /** Signs in to the console with the admin key: once, within 15 minutes, in a browser on this machine. */
  issueLoginCode(): string;
}

export interface HttpOptions {
  settings: Settings;
  log: Log;
  version: string;
  keys: ApiKeys;
  title?: string;
  /** What `/metrics` shows. Without it: the process alone. */
  metrics?: Metrics;
  /** What `/log-levels` changes. Without it there is no such route. */
  levels?: LogLevels;
  /** The OpenAPI documents of others whose routes are reached here as well: they become part of ours. */
  otherDocuments?: () => Promise<object[]>;
  /** The folder of the built web console. Without it there are no pages here. */
  consoleFolder?: string;
  /** What `/demo` starts. Without it none is offered. */
  demo?: DemoBeside;
  /** Where `/process` keeps who changed what. Without it, until this process ends. */
  changesFile?: string;
  clock?: Clock;
}

/** Largest request body. */
const bodyLimit = 1_048_576;

/** A request that is not here after this long is dropped: somebody sends it byte by byte to hold the connection. */
const requestTimeoutMs = 10_000;

export async function createHttp({
  settings,
  log,
  version,
  keys,
  title = 'ocpp-csms',
  metrics,
  levels,
  otherDocuments,
  consoleFolder,
  demo,
  changesFile,
  clock = systemClock,
}: HttpOptions): Promise<Http> {
  const { host, port, publicUrl, trustedProxies, localNetworkOnly, requestsPerMinute } = settings.http;
  const app: App = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    bodyLimit,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: 2500, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
    schemaController: { compilersFactory: { buildSerializer } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  const readiness = new Map<string, ReadinessCheck>();
  const now = () => clock.now().getTime();
  const codes = createLoginCodes(now);

  app.decorate('eventStreams', new Set<EventStream>());
  const closeSilent = trackSilentConnections(app.server);
  app.addHook('preClose', async () => {
    for (const stream of app.eventStreams) stream.close();
    closeSilent();
  });
  app.setValidatorCompiler(validatorCompiler);
  const sendPage = consoleFolder === undefined ? undefined : installConsole(app, consoleFolder);
  installErrors(app, sendPage);
  installSecurityHeaders(app);
  if (localNetworkOnly) refuseRemote(app);
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'onRequest',
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });
  installAuthorization(app, { keys, now, hasPages: consoleFolder !== undefined });
  const changes = new RecentChanges({ now, ...(changesFile === undefined ? {} : { file: changesFile }) });
  app.addHook('onClose', async () => changes.close());
  installRequestLog(app, changes);
  await installOpenApi(app, { title, version, publicUrl });
  installHealth(app, readiness, metrics ?? createMetrics());
  if (levels !== undefined) installLogLevels(app, levels);
  installProcessInfo(app, { settings, version, keys, changes });
  installDemo(app, demo);
  installDocs(app, { title, otherDocuments });
  installLogin(app, { keys, codes, publicUrl, now });

  return {
    app,
    server: app.server,
    async listen() {
      await app.listen({ host, port, backlog: listenBacklog });
      const address = app.server.address();
      return { host, port: typeof address === 'object' && address ? address.port : port };
    },
    close: () => app.close(),
    addReadiness: (name, check) => void readiness.set(name, check),
    issueLoginCode() {
      const [adminKey] = keys.known;
      if (!adminKey) throw new Error('there is always an admin key');
      return codes.issue(adminKey);
    },
  };
}

function tooMany(ttlMs: number): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(ttlMs / 1000));
  return new Problem(
    429,
    'too-many-requests',
    `Too many requests from this address. Try again in ${retryAfterSeconds} s.`,
    {
      retryAfterSeconds,
    },
  );
}

function refuseRemote(app: App): void {
  app.addHook('onRequest', async (request) => {
    if (isLocalAddress(request.ip)) return;
    throw new Problem(403, 'local-network-only', 'Only the local network may connect here (http.localNetworkOnly).');
  });
}

/** The answers are data: nothing in them is to be run, framed or guessed at by a browser. */
function installSecurityHeaders(app: App): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });
}

/** Changes are on record with who made them; reading only when asked for. Failures log themselves. */
function installRequestLog(app: App, changes: RecentChanges): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      caller: request.caller?.name,
      address: request.ip,
    };
    if (request.method === 'GET' || request.method === 'HEAD') return request.log.debug(line, 'API request');
    request.log.info(line, 'API request');
    changes.note(request, reply.statusCode);
  });
}
