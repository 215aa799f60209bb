import type { ChargePoint } from '@ocpp-csms/api-client';
import type { QueryClient } from '@tanstack/react-query';
import { isShown, patchChargePoint, statusChangeIn, withStatus } from './charge-point-cache.ts';
import { gather } from './gathered.ts';
import { keys } from './keys.ts';

/** What happened, as `GET /device-manager/events` tells it (docs/bus.md). */
export interface DomainEvent {
  id: string;
  client: string;
  messageTime: string;
  event: string;
  data: Record<string, unknown>;
}

export interface EventEffects {
  apply(event: DomainEvent): void;
  /** Something was missed: everything that is shown is asked for anew. */
  missed(): void;
  stop(): void;
}

/** A list that changes all the time is asked for this often and no more. */
const atMostEveryMs = 1000;
/** More charge points than this at once, as after a power cut: the lists are asked for, and not each of them. */
const mostAtOnce = 20;

/** Keeps what is shown as it is, without a reload: what the event says is put in its place, the rest is asked for. */
export function createEventEffects(
  client: QueryClient,
  readChargePoint: (networkId: string) => Promise<ChargePoint>,
): EventEffects {
  const stale = gather<readonly string[]>(atMostEveryMs, (all) => {
    for (const queryKey of all) void client.invalidateQueries({ queryKey });
  });
  const changed = gather<string>(atMostEveryMs / 4, (networkIds) => {
    const shown = [...networkIds].filter((networkId) => isShown(client, networkId));
    if (shown.length > mostAtOnce) return stale.add(keys.chargePoints);
    for (const networkId of shown) void refresh(networkId);
  });

  async function refresh(networkId: string): Promise<void> {
    try {
      const now = await readChargePoint(networkId);
      patchChargePoint(client, networkId, () => now);
    } catch {
      // Deleted, or out of reach: the list knows.
      stale.add(keys.chargePoints);
    }
  }

  const effects: Readonly<Record<string, (event: DomainEvent) => void>> = {
    ChargePointConnected: connectionChanged,
    ChargePointDisconnected: connectionChanged,
    RegistrationChanged: ({ client: networkId }) => changed.add(networkId),
    ConnectionRefused() {
      stale.add(keys.refused);
      stale.add(keys.summary);
      stale.add(keys.attention);
    },
    StatusChanged({ client: networkId, data }) {
      const change = statusChangeIn(data);
      if (change !== undefined) patchChargePoint(client, networkId, (before) => withStatus(before, change));
      void client.invalidateQueries({ queryKey: keys.connectors(networkId) });
      stale.add(keys.summary);
      stale.add(keys.attention);
    },
    CommandFinished() {
      stale.add(keys.commands);
      stale.add(keys.attention);
    },
    ReservationChanged: () => stale.add(keys.reservations),
    IdTokenRefused: () => stale.add(keys.tokens),
    TransactionStarted: transactionChanged,
    TransactionEnded: transactionChanged,
  };

  /** The event of an old connection may come after that of the new one: who is connected is asked, not concluded. */
  function connectionChanged({ client: networkId }: DomainEvent): void {
    changed.add(networkId);
    stale.add(keys.summary);
    stale.add(keys.attention);
    stale.add(keys.refused);
    void client.invalidateQueries({ queryKey: keys.boots(networkId) });
  }

  function transactionChanged(): void {
    stale.add(keys.charging);
    stale.add(keys.transactions);
  }

  return {
    apply: (event) => (Object.hasOwn(effects, event.event) ? effects[event.event]?.(event) : undefined),
    missed: () => void client.invalidateQueries(),
    stop() {
      stale.stop();
      changed.stop();
    },
  };
}
