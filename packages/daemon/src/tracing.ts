import { noTracer } from '@ocpp-csms/runtime';
import type { Tracing, TracingOptions } from './opentelemetry.ts';

/** Traces as the settings say. OpenTelemetry takes 30 MB and 150 ms: it is loaded only when it is wanted. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  if (options.settings.tracing.endpoint === '') return noTracing;
  const { exportTraces } = await import('./opentelemetry.ts');
  return exportTraces(options);
}

const noTracing: Tracing = { tracer: noTracer, close: async () => undefined };
