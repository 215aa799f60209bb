import { checkToken } from '../authorization/check-token.ts';
import { idTokenInfoOf } from '../authorization/id-token-info.ts';
import { onCall } from '../handlers.ts';
import { updateTransaction } from './ledger.ts';
import type { EventRequest } from './read-event.ts';
import { recordEvent } from './record-event.ts';

/** E01–E13. The answer has idTokenInfo if, and only if, the event has a token (E05.FR.01); the rest is taken note of, in any order. */
export const transactionEvent = onCall(
  ['ocpp2.0.1', 'ocpp2.1'],
  'TransactionEvent',
  async ({ request, ...facts }, context) => {
    const said: EventRequest = request;
    const database = await context.begin();
    const row = await recordEvent(database, { said, facts, context });
    if (said.idToken === undefined) return {};
    const decision = await checkToken(
      said.idToken,
      { action: 'TransactionEvent', ...chargesOf(said, row.id) },
      facts,
      context,
    );
    if (said.idToken.idToken === row.id_token) {
      const group = decision.token?.parentIdToken ?? null;
      await updateTransaction(database, row.id, { authorization_status: decision.status, parent_id_token: group });
    }
    return { idTokenInfo: idTokenInfoOf(decision) };
  },
);

/** A token that ends a transaction need not be free for a new one. */
function chargesOf({ eventType, triggerReason }: EventRequest, ledgerId: string) {
  const isStop = eventType === 'Ended' || triggerReason === 'StopAuthorized';
  return isStop ? {} : { charges: { exceptId: ledgerId } };
}
