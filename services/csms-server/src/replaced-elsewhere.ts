import type { Subscription } from '@ocpp-csms/bus';
import type { ConnectionEntry } from '@ocpp-csms/cache';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';

const subjectOf = (node: string): string => `csms-server.replaced.${node}`;
const timeoutMs = 5000;
const policyViolation = 1008;

/**
 * Tells the node that had the charge point that its connection was replaced by one here (field-faults 4). A node that
 * can't be told is gone, or is paused: it ends its connections itself when its lease has run out.
 */
export function tellReplaced({ networkId, node, epoch }: ConnectionEntry, { bus, log }: ServerContext): void {
  bus.request(subjectOf(node), { networkId, epoch }, { timeoutMs }).catch((error: unknown) => {
    const details = { networkId, node, reason: error instanceof Error ? error.message : String(error) };
    log.warn(details, 'The node of the former connection could not be told; its lease ends it');
  });
}

/** Cuts off connections of this node that were replaced on another one. */
export function serveReplaced(
  connections: { get(networkId: string): Connection | undefined },
  { bus, node }: ServerContext,
): Promise<Subscription> {
  return bus.serve(subjectOf(node), async (question) => {
    const { networkId, epoch } = question as Pick<ConnectionEntry, 'networkId' | 'epoch'>;
    const connection = connections.get(networkId);
    if (connection?.epoch === epoch) connection.terminate(policyViolation, 'replaced by a newer connection');
    return null;
  });
}
