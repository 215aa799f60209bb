import { type Check, failed, ok, skipped } from './check.ts';

const name = 'message log';

export const messageStore: Check = {
  name,
  async run({ settings }) {
    if (settings.messageManager.store === 'database') return skipped(name, 'in the database, with everything else');
    const { inspectAzureLog } = await import('@ocpp-csms/message-manager');
    try {
      return ok(name, await inspectAzureLog(settings));
    } catch (error) {
      return failed(name, 'Azure tables do not work', error instanceof Error ? error.message : String(error));
    }
  },
};
