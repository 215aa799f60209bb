import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Check, type Finding, failed, ok, skipped, warning } from './check.ts';
import { collectWarnings } from './warnings.ts';

const name = 'broker';

export const broker: Check = {
  name,
  async run({ settings, timeoutMs }): Promise<Finding> {
    const { driver } = settings.bus;
    if (driver === 'memory') return skipped(name, 'none is needed: one process (bus.driver memory)');
    const { inspectBus } = await import('@ocpp-csms/daemon');
    const log = collectWarnings();
    try {
      const words = await inspectBus({ settings, timeoutMs, log });
      return log.words.length === 0 ? ok(name, words) : warning(name, words, log.words.join(' '));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failed(name, `bus.driver ${driver} does not work`, describeSystemError(error) ?? reason);
    }
  },
};
