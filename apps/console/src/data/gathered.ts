/** Gathers what comes in a burst, and hands it over together: the first after `waitMs`, the next not sooner than that. */
export interface Gathered<Item> {
  add(item: Item): void;
  stop(): void;
}

export function gather<Item>(waitMs: number, work: (items: ReadonlySet<Item>) => void): Gathered<Item> {
  let items = new Set<Item>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function hand(): void {
    timer = undefined;
    const taken = items;
    items = new Set();
    work(taken);
  }
  return {
    add(item) {
      items.add(item);
      timer ??= setTimeout(hand, waitMs);
    },
    stop: () => clearTimeout(timer),
  };
}
