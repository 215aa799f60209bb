import type { Bus, Subscription } from '@ocpp-csms/bus';

/** Live, between the nodes of this service: "there is something new in the log". */
export const messagesChannel = 'messages';
/** Other nodes are told at most this often, in milliseconds. */
const tellEveryMs = 100;

export interface Wake {
  /** Something was committed here: wakes the readers of this node and, soon, of the others. */
  committed(): void;
  /** Calls `listener` whenever something was committed, here or elsewhere. Returns how to end it. */
  onCommit(listener: () => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Costs next to nothing while nobody reads along. */
export function createWake(bus: Bus): Wake {
  const listeners = new Set<() => void>();
  let subscription: Subscription | undefined;
  let timer: NodeJS.Timeout | undefined;
  let toTell = false;

  function wakeAll(): void {
    for (const listener of listeners) listener();
  }

  function tell(): void {
    timer = undefined;
    if (!toTell) return;
    toTell = false;
    bus.broadcast(messagesChannel, { kind: 'committed' });
    timer = setTimeout(tell, tellEveryMs).unref();
  }

  return {
    committed() {
      wakeAll();
      toTell = true;
      timer ??= setTimeout(tell, 0).unref();
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async start() {
      subscription = await bus.listen(messagesChannel, wakeAll);
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      listeners.clear();
      await subscription?.close();
    },
  };
}
