import type { Envelope } from '@ocpp-csms/bus';

interface Waiting {
  batch: readonly Envelope[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Puts batches that wait together, so that they share one commit: `work` is done one after the other, and each time with
 * all that came meanwhile, up to so many messages. How many wait is bounded by who delivers.
 */
export function groupBatches(
  work: (batch: readonly Envelope[]) => Promise<void>,
  maxMessages: number,
): (batch: readonly Envelope[]) => Promise<void> {
  const waiting: Waiting[] = [];
  let isWorking = false;

  async function workOn(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) await settle(takeSome());
    isWorking = false;
  }

  function takeSome(): Waiting[] {
    let messages = 0;
    const tooMany = waiting.findIndex(({ batch }, index) => {
      messages += batch.length;
      return index > 0 && messages > maxMessages;
    });
    return waiting.splice(0, tooMany === -1 ? waiting.length : tooMany);
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      await work(group.length === 1 ? (group[0]?.batch ?? []) : group.flatMap(({ batch }) => batch));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1 || isTransient(error)) for (const { reject } of group) reject(error);
      // One of them cannot be taken: the others do not suffer for it.
      else for (const one of group) await settle([one]);
    }
  }

  return (batch) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, resolve, reject });
      if (!isWorking) void workOn();
    });
}

const isTransient = (error: unknown): boolean => (error as { transient?: boolean } | null)?.transient === true;
