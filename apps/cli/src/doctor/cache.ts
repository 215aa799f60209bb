import { type Check, type Finding, failed, ok, skipped, warning } from './check.ts';
import { collectWarnings } from './warnings.ts';

const name = 'cache';

export const cache: Check = {
  name,
  async run({ settings, timeoutMs }): Promise<Finding> {
    if (settings.cache.driver === 'memory') return skipped(name, 'no server is needed (cache.driver memory)');
    const { inspectCache } = await import('@ocpp-csms/daemon');
    const log = collectWarnings();
    try {
      const words = await inspectCache({ settings, timeoutMs, log });
      return log.words.length === 0 ? ok(name, words) : warning(name, words, log.words.join(' '));
    } catch (error) {
      return failed(name, 'Redis does not work', error instanceof Error ? error.message : String(error));
    }
  },
};
