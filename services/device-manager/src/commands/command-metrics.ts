import type { Metrics } from '@ocpp-csms/runtime';
import type { CommandTable } from '../schema.ts';

export interface CommandMetrics {
  ended(command: CommandTable): void;
}

/** How commands end (docs/operations/monitoring.md). A late answer counts beside the time-out before it. */
export function createCommandMetrics(metrics: Metrics): CommandMetrics {
  const ended = metrics.counter('commands_total', 'Commands of operators and programs, by how they ended', [
    'action',
    'status',
  ]);
  const duration = metrics.duration('command_seconds', 'From the request for a command to its end', ['status']);
  return {
    ended({ action, status, requested_at, finished_at }) {
      ended.with(action, status).add();
      if (finished_at === null) return;
      duration.with(status).observe((Date.parse(finished_at) - Date.parse(requested_at)) / 1000);
    },
  };
}
