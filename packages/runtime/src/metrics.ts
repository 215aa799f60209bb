import { collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { type Family, type Tally, TallyFamily, type Timing, TimingFamily } from './tally.ts';

export type { Family, Tally, Timing } from './tally.ts';

/** What `/metrics` shows. Every name gets the prefix `csms_`. */
export interface Metrics {
  /** Names end in `_total`. */
  counter(name: string, help: string, labels?: readonly string[]): Family<Tally>;
  /** `read` is asked at each scrape. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** `read` gives the figure for each value of the label. */
  gauges(name: string, help: string, label: string, read: () => ReadonlyMap<string, number>): void;
  /** In seconds. Names end in `_seconds`. */
  duration(name: string, help: string, labels?: readonly string[]): Family<Timing>;
  /** In pieces. */
  size(name: string, help: string, labels?: readonly string[]): Family<Timing>;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  contentType: string;
}

const secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const sizeBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** A registry of its own, with the metrics of the process (`process_…`, `nodejs_…`: event-loop delay, heap, CPU). */
export function createMetrics({ defaults = true }: { defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (defaults) collectDefaultMetrics({ register: registry });
  const registers = [registry];

  function register<Made extends TallyFamily | TimingFamily>(family: Made): Made {
    // A registry needs no more of a metric than its name, `get` and `reset`.
    registry.registerMetric(family as unknown as Metric);
    return family;
  }

  return {
    counter: (name, help, labels = []) => register(new TallyFamily({ name: `csms_${name}`, help, labels })),
    gauge(name, help, read) {
      new Gauge({
        name: `csms_${name}`,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
    gauges(name, help, label, read) {
      new Gauge({
        name: `csms_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, figure] of read()) this.set({ [label]: value }, figure);
        },
      });
    },
    duration: (name, help, labels = []) =>
      register(new TimingFamily({ name: `csms_${name}`, help, labels, bounds: secondsBounds })),
    size: (name, help, labels = []) =>
      register(new TimingFamily({ name: `csms_${name}`, help, labels, bounds: sizeBounds })),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
