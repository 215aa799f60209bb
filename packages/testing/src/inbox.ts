/** What arrived and was not taken yet, and who waits for it. */
export interface Inbox<Item> {
  push(item: Item): void;
  /** The oldest item that fits, or the next one to come. Rejects after `timeoutMs`, naming `what` was waited for. */
  take(fits: (item: Item) => boolean, what: string, timeoutMs: number): Promise<Item>;
  /** Rejects everybody who waits now and from now on, unless what they want is here. */
  end(reason: string): void;
  readonly waiting: readonly Item[];
}

interface Waiter<Item> {
  fits: (item: Item) => boolean;
  give: (item: Item) => void;
  refuse: (error: Error) => void;
  what: string;
}

export function createInbox<Item>(): Inbox<Item> {
  const items: Item[] = [];
  const waiters = new Set<Waiter<Item>>();
  let ended: string | undefined;

  return {
    waiting: items,
    push(item) {
      const waiter = [...waiters].find(({ fits }) => fits(item));
      if (waiter === undefined) items.push(item);
      else waiter.give(item);
    },
    take(fits, what, timeoutMs) {
      const at = items.findIndex(fits);
      if (at >= 0) return Promise.resolve(items.splice(at, 1)[0] as Item);
      if (ended !== undefined) return Promise.reject(new Error(`No ${what}: ${ended}`));
      return new Promise<Item>((resolve, reject) => {
        const settle = <Value>(finish: (value: Value) => void) => {
          return (value: Value) => {
            clearTimeout(timer);
            waiters.delete(waiter);
            finish(value);
          };
        };
        const waiter: Waiter<Item> = { fits, give: settle(resolve), refuse: settle(reject), what };
        const timer = setTimeout(() => waiter.refuse(new Error(`No ${what} within ${timeoutMs} ms`)), timeoutMs);
        waiters.add(waiter);
      });
    },
    end(reason) {
      ended = reason;
      for (const waiter of [...waiters]) waiter.refuse(new Error(`No ${waiter.what}: ${reason}`));
    },
  };
}
