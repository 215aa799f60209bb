import type { TopicGroups } from './bus.ts';
import type { BusLog } from './options.ts';

export interface InspectOptions {
  groups: TopicGroups;
  partitions: number;
  /** For each step that waits for the broker. */
  timeoutMs: number;
  /** What works, but loses messages when something goes wrong, is a warning in it. */
  log: BusLog;
}
