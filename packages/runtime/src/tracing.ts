/** OpenTelemetry's kinds: who asks (`client`), who answers (`server`), who gives to the bus and who takes from it. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

export interface SpanOptions {
  kind: SpanKind;
  /** W3C trace context of what caused it; absent: a trace of its own begins. */
  parent?: string | undefined;
  attributes?: Readonly<Record<string, string | number>>;
}

/** A part of the way of a message, from its start to its end. */
export interface Span {
  /** W3C trace context for what follows from it. */
  readonly traceparent: string;
  /** `failed`: what went wrong, in words. */
  end(how?: { outcome?: string; failed?: string }): void;
}

/** Follows messages through the system (docs/operations/traces.md). */
export interface Tracer {
  /** Undefined: this one is not followed. */
  start(name: string, options: SpanOptions): Span | undefined;
}

export const noTracer: Tracer = { start: () => undefined };
