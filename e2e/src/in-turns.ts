/** Returns one after the other, and begins again. */
export function inTurns<Item>(items: readonly Item[]): () => Item {
  let turn = 0;
  return () => {
    const item = items[turn++ % items.length];
    if (item === undefined) throw new Error('there is nothing to take turns');
    return item;
  };
}
