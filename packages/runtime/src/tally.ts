import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** Counted up by whoever does the work; cheap enough for every message. */
export interface Tally {
  add(count?: number): void;
}

export interface Timing {
  /** In the unit of the metric: seconds, or messages. */
  observe(value: number): void;
}

/** A metric with labels, of which each set is made once and kept by whoever counts. */
export interface Family<Child> {
  /** Values in the order of the labels. Beyond the bound all further sets are one, with the value `other`. */
  with(...values: string[]): Child;
}

/** Sets of labels that one metric may have: who sends made-up names does not fill the memory. */
const mostChildren = 1000;
const other = 'other';

interface FamilyOptions {
  name: string;
  help: string;
  labels: readonly string[];
}

/** What a registry asks for at a scrape. */
type Kind = 'counter' | 'histogram';

abstract class LabelledFamily<Child> implements Family<Child> {
  protected readonly children = new Map<string, { labels: Record<string, string>; child: Child }>();
  readonly #options: FamilyOptions;
  readonly #kind: Kind;

  constructor(options: FamilyOptions, kind: Kind) {
    this.#options = options;
    this.#kind = kind;
  }

  get name(): string {
    return this.#options.name;
  }

  with(...values: string[]): Child {
    const key = values.join('\u0000');
    const known = this.children.get(key);
    if (known !== undefined) return known.child;
    const { labels } = this.#options;
    if (this.children.size >= mostChildren && values.some((value) => value !== other)) {
      return this.with(...labels.map(() => other));
    }
    const child = this.create();
    const named = Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
    this.children.set(key, { labels: named, child });
    return child;
  }

  /** As prom-client's own metrics answer their registry. */
  async get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    const { name, help } = this.#options;
    const values = [...this.children.values()].flatMap(({ labels, child }) => this.read(child, labels));
    return { name, help, type: this.#kind, values, aggregator: 'sum' } as unknown as MetricObjectWithValues<
      MetricValue<string>
    >;
  }

  /** The registry may ask to begin at nothing. */
  reset(): void {
    this.children.clear();
  }

  protected abstract create(): Child;
  protected abstract read(child: Child, labels: Record<string, string>): NamedValue[];
}

interface NamedValue {
  metricName?: string;
  labels: Record<string, string | number>;
  value: number;
}

class Counted implements Tally {
  value = 0;
  add(count = 1): void {
    this.value += count;
  }
}

export class TallyFamily extends LabelledFamily<Tally> {
  constructor(options: FamilyOptions) {
    super(options, 'counter');
  }

  protected create(): Counted {
    return new Counted();
  }

  protected read(child: Counted, labels: Record<string, string>): NamedValue[] {
    return [{ labels, value: child.value }];
  }
}

class Observed implements Timing {
  readonly counts: Float64Array;
  sum = 0;
  count = 0;
  readonly #bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = new Float64Array(bounds.length);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    const bounds = this.#bounds;
    for (let index = 0; index < bounds.length; index++) {
      if (value <= (bounds[index] ?? 0)) {
        this.counts[index] = (this.counts[index] ?? 0) + 1;
        return;
      }
    }
  }
}

export class TimingFamily extends LabelledFamily<Timing> {
  readonly #bounds: readonly number[];

  constructor(options: FamilyOptions & { bounds: readonly number[] }) {
    super(options, 'histogram');
    this.#bounds = options.bounds;
  }

  protected create(): Observed {
    return new Observed(this.#bounds);
  }

  /** Each bucket counts what is in those below it, too. */
  protected read(child: Observed, labels: Record<string, string>): NamedValue[] {
    let total = 0;
    const buckets = this.#bounds.map((bound, index) => {
      total += child.counts[index] ?? 0;
      return { metricName: `${this.name}_bucket`, labels: { le: bound, ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_bucket`, labels: { le: '+Inf', ...labels }, value: child.count },
      { metricName: `${this.name}_sum`, labels, value: child.sum },
      { metricName: `${this.name}_count`, labels, value: child.count },
    ];
  }
}
