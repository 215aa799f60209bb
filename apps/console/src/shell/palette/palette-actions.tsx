import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';

/** Something that can be done where somebody is. */
export interface PaletteAction {
  id: string;
  label: string;
  /** Beside the label, dim: to what. */
  detail?: string;
  run: () => void;
}

interface Registry {
  all: readonly PaletteAction[];
  set: (owner: symbol, actions: readonly PaletteAction[]) => void;
  remove: (owner: symbol) => void;
}

const PaletteContext = createContext<Registry>({ all: [], set: () => {}, remove: () => {} });

export function PaletteActions({ children }: { children: ReactNode }) {
  const [byOwner, setByOwner] = useState<ReadonlyMap<symbol, readonly PaletteAction[]>>(new Map());
  const registry = useMemo<Registry>(
    () => ({
      all: [...byOwner.values()].flat(),
      set: (owner, actions) => setByOwner((before) => new Map(before).set(owner, actions)),
      remove: (owner) =>
        setByOwner((before) => {
          const next = new Map(before);
          next.delete(owner);
          return next;
        }),
    }),
    [byOwner],
  );
  return <PaletteContext value={registry}>{children}</PaletteContext>;
}

export const useAllPaletteActions = (): readonly PaletteAction[] => useContext(PaletteContext).all;

/** Offers these in the palette while the component is there. `actions` must be the same list until they change. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
  const { set, remove } = useContext(PaletteContext);
  const owner = useRef(Symbol('owner')).current;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the registry is another one after each change
  useEffect(() => {
    set(owner, actions);
    return () => remove(owner);
  }, [actions, owner]);
}
