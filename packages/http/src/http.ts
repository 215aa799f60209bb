import type { Server } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Settings } from '@ocpp-csms/config';
import { createMetrics, type Log, type Metrics } from '@ocpp-csms/runtime';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { ApiKeys } from './api-keys.ts';
import type { App } from './app.ts';
import { installAuthorization } from './authorize.ts';
import { installDocs } from './docs.ts';
import { installErrors, pathOf } from './errors.ts';
import type { EventStream } from './event-stream.ts';
import { installHealth, type ReadinessCheck } from './health.ts';
import { isLocalAddress } from './local-address.ts';
import { installOpenApi } from './openapi.ts';
import { Problem } from './problem.ts';
import { buildSerializer } from './serializers.ts';
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
}

export interface HttpOptions {
  settings: Settings;
  log: Log;
  version: string;
  keys: ApiKeys;
  title?: string;
  /** What `/metrics` shows. Without it: the process alone. */
  metrics?: Metrics;
  /** The OpenAPI documents of others whose routes are reached here as well: they become part of ours. */
  otherDocuments?: () => Promise<object[]>;
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
  otherDocuments,
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

  app.decorate('eventStreams', new Set<EventStream>());
  app.addHook('preClose', async () => {
    for (const stream of app.eventStreams) stream.close();
  });
  app.setValidatorCompiler(validatorCompiler);
  installErrors(app);
  installSecurityHeaders(app);
  if (localNetworkOnly) refuseRemote(app);
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'onRequest',
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });
  installAuthorization(app, keys);
  installRequestLog(app);
  await installOpenApi(app, { title, version, publicUrl });
  installHealth(app, readiness, metrics ?? createMetrics());
  installDocs(app, { title, otherDocuments });

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
function installRequestLog(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      caller: request.caller?.name,
      address: request.ip,
    };
    if (request.method === 'GET' || request.method === 'HEAD') request.log.debug(line, 'API request');
    else request.log.info(line, 'API request');
  });
}
