import type { MessageFacts } from '@ocpp-csms/calls';
import { boundedKey } from '@ocpp-csms/storage';
import type { SessionContext } from '../context.ts';
import { onAnswer } from '../handlers.ts';
import { type Dialect, findTransaction, updateTransaction } from '../transactions/ledger.ts';

/** 1.6 §5.12. TC_028: when it was rejected the transaction stays as it is; when accepted it stays open until the charge point ends it. */
export const remoteStopTransaction = onAnswer(
  ['ocpp1.6'],
  'RemoteStopTransaction',
  async ({ request, outcome, ...facts }, context) => {
    const { transactionId }: Partial<typeof request> = request;
    if (!outcome.ok || outcome.response.status !== 'Accepted' || transactionId === undefined) return;
    await note(facts, '1.6', String(transactionId), context);
  },
);

/** F03. */
export const requestStopTransaction = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'RequestStopTransaction',
  async ({ request, outcome, ...facts }, context) => {
    const { transactionId }: Partial<typeof request> = request;
    if (!outcome.ok || outcome.response.status !== 'Accepted' || transactionId === undefined) return;
    await note(facts, '2.x', boundedKey(transactionId), context);
  },
);

async function note(
  { networkId, receivedAt }: MessageFacts,
  dialect: Dialect,
  transactionId: string,
  context: SessionContext,
): Promise<void> {
  const database = await context.begin();
  const row = await findTransaction(database, { client: networkId, dialect, transactionId });
  if (row === undefined) return;
  await updateTransaction(database, row.id, { stop_requested_at: receivedAt });
}
