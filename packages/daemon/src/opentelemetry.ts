import type { Settings } from '@ocpp-csms/config';
import { type Log, type Span, type Tracer, version } from '@ocpp-csms/runtime';
import {
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';

export interface TracingOptions {
  settings: Settings;
  log: Log;
  /** As it is called in the traces: `ocpp-csms`, or the name of the service in a process of its own. */
  name: string;
  node: string;
}

export interface Tracing {
  tracer: Tracer;
  /** Sends what is left; bounded. Never rejects. */
  close(): Promise<void>;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Spans that wait to be sent; those beyond are dropped. */
const mostWaiting = 20_000;
const sendEveryMs = 2000;
const sendWithinMs = 5000;
const closeWithinMs = 3000;
/** The receiver is away for as long as it is: one line says so now and then. */
const complainEveryMs = 60_000;

/** Sends spans to the OTLP receiver of `tracing.endpoint`, by HTTP. */
export function exportTraces({ settings, log, name, node }: TracingOptions): Tracing {
  const { endpoint, samplePercent } = settings.tracing;
  complainTo(log, endpoint);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': name,
      'service.version': version,
      'service.instance.id': node,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(samplePercent / 100) }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: sendWithinMs }), {
        maxQueueSize: mostWaiting,
        scheduledDelayMillis: sendEveryMs,
      }),
    ],
  });
  const tracer = provider.getTracer('ocpp-csms', version);
  return {
    tracer: {
      start(spanName, { kind, parent, attributes = {} }) {
        const span = tracer.startSpan(spanName, { kind: kinds[kind], attributes }, contextOf(parent));
        if (!span.isRecording()) return undefined;
        const { traceId, spanId } = span.spanContext();
        return {
          traceparent: `00-${traceId}-${spanId}-01`,
          end({ outcome, failed } = {}) {
            // A late answer ends what has ended.
            if (!span.isRecording()) return;
            if (outcome !== undefined) span.setAttribute('csms.outcome', outcome);
            if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
            span.end();
          },
        } satisfies Span;
      },
    },
    async close() {
      const late = AbortSignal.timeout(closeWithinMs);
      await Promise.race([
        provider.shutdown().catch((error: unknown) => log.warn({ reason: String(error) }, 'The last traces are lost')),
        new Promise((resolve) => late.addEventListener('abort', resolve)),
      ]);
    },
  };
}

/** The receiver's address, or, as for other programs, the one below which it takes traces. */
function tracesUrl(endpoint: string): string {
  return endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}

const traceparentFormat = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** What is no trace context begins a trace of its own. */
function contextOf(parent: string | undefined): Context {
  const [, traceId, spanId, flags] = traceparentFormat.exec(parent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function complainTo(log: Log, endpoint: string): void {
  let complainedAt = Number.NEGATIVE_INFINITY;
  const complain = (message: string) => {
    if (performance.now() - complainedAt < complainEveryMs) return;
    complainedAt = performance.now();
    log.warn({ reason: message.slice(0, 500), endpoint }, 'Traces cannot be sent (tracing.endpoint); the rest goes on');
  };
  const quiet = () => undefined;
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
