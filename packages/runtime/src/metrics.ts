import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** Names end in `_total`. */
  counter<Label extends string>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  /** `read` is asked at each scrape. */
  gauge(name: string, help: string, read: () => number): Gauge;
  /** In seconds. */
  duration<Label extends string>(name: string, help: string, labels?: readonly Label[]): Histogram<Label>;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  contentType: string;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, with the metrics of the process. Names get the prefix `csms_`. */
export function createMetrics({ defaults = true }: { defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (defaults) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name: `csms_${name}`, help, labelNames: labels, registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name: `csms_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      }),
    duration: (name, help, labels = []) =>
      new Histogram({ name: `csms_${name}`, help, labelNames: labels, registers, buckets: secondsBuckets }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
