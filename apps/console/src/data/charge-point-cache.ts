import type { ChargePoint } from '@ocpp-csms/api-client';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from './keys.ts';

/** A page of `GET /device-manager/charge-points`. */
export interface ChargePointPage {
  items: ChargePoint[];
  nextCursor?: string;
}

type Lists = InfiniteData<ChargePointPage>;

/** Changes a charge point wherever it is shown, in its place. */
export function patchChargePoint(
  client: QueryClient,
  networkId: string,
  change: (before: ChargePoint) => ChargePoint,
): void {
  const patch = (item: ChargePoint) => (item.networkId === networkId ? change(item) : item);
  client.setQueriesData<Lists>({ queryKey: keys.chargePointLists }, (lists) => lists && patchPages(lists, patch));
  client.setQueriesData<ChargePoint>({ queryKey: ['charge-points', 'one'] }, (one) => one && patch(one));
}

/** What has not changed stays the same object, so that only the row that changed is drawn again. */
function patchPages(lists: Lists, patch: (item: ChargePoint) => ChargePoint): Lists {
  let changed = false;
  const pages = lists.pages.map((page) => {
    const items = page.items.map(patch);
    if (items.every((item, index) => item === page.items[index])) return page;
    changed = true;
    return { ...page, items };
  });
  return changed ? { ...lists, pages } : lists;
}

export function isShown(client: QueryClient, networkId: string): boolean {
  const lists = client.getQueriesData<Lists>({ queryKey: keys.chargePointLists });
  const inList = lists.some(([, data]) =>
    data?.pages.some(({ items }) => items.some((item) => item.networkId === networkId)),
  );
  if (inList) return true;
  const ones = client.getQueriesData<ChargePoint>({ queryKey: ['charge-points', 'one'] });
  return ones.some(([, one]) => one?.networkId === networkId);
}

export interface StatusChange {
  evseId?: number;
  connectorId: number;
  status: string;
}

/** What an event tells of a status; undefined: nothing that could be put in place. */
export function statusChangeIn({ evseId, connectorId, status }: Record<string, unknown>): StatusChange | undefined {
  if (typeof connectorId !== 'number' || typeof status !== 'string') return undefined;
  return { ...(typeof evseId === 'number' ? { evseId } : {}), connectorId, status };
}

export function withStatus(chargePoint: ChargePoint, { evseId, connectorId, status }: StatusChange): ChargePoint {
  // In 1.6, connector 0 is the charge point itself and none of its connectors.
  if (connectorId === 0) return chargePoint;
  const isIt = (one: StatusChange) => one.connectorId === connectorId && one.evseId === evseId;
  const known = chargePoint.connectors.find(isIt);
  if (known?.status === status) return chargePoint;
  const changed = { ...(evseId === undefined ? {} : { evseId }), connectorId, status };
  const connectors = known
    ? chargePoint.connectors.map((one) => (isIt(one) ? changed : one))
    : [...chargePoint.connectors, changed].toSorted(inOrder);
  return { ...chargePoint, connectors };
}

const inOrder = (a: StatusChange, b: StatusChange): number =>
  (a.evseId ?? 0) - (b.evseId ?? 0) || a.connectorId - b.connectorId;
