import { percentile } from '../statistics.ts';
import type { LoadResult } from './orders.ts';

/** Counts answers and the generator's own CPU from its creation on. */
export class Tally {
  readonly latencies: number[] = [];
  wrongReplies = 0;
  closed = 0;
  private readonly startedAt = performance.now();
  private readonly cpuBefore = process.cpuUsage();

  answered(isRight: boolean, latencyMs: number): void {
    if (isRight) this.latencies.push(latencyMs);
    else this.wrongReplies++;
  }

  result(unanswered = 0): LoadResult {
    const seconds = (performance.now() - this.startedAt) / 1000;
    const { user, system } = process.cpuUsage(this.cpuBefore);
    return {
      replies: this.latencies.length,
      wrongReplies: this.wrongReplies,
      closed: this.closed,
      unanswered,
      seconds,
      p50Ms: percentile(this.latencies, 0.5),
      p99Ms: percentile(this.latencies, 0.99),
      cpuShare: (user + system) / 1e6 / seconds,
    };
  }
}
