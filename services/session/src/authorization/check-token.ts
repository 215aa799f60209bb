import type { MessageFacts } from '@ocpp-csms/calls';
import { tryLock } from '@ocpp-csms/storage';
import type { SessionContext } from '../context.ts';
import type { SessionDatabase } from '../schema.ts';
import { authorize, type Decision, type PresentedToken } from './authorize.ts';
import { findToken, tokenKey } from './token-store.ts';

export interface Occasion {
  action: string;
  /** The token is to pay for a transaction: it may have to be the only one (1.6 §7.2, ConcurrentTx). `exceptId`: the ledger id of this one. */
  charges?: { exceptId: string | undefined };
}

/** Decides on a presented token, writes the decision down, remembers a token that we do not know, and says so when it is refused. */
export async function checkToken(
  presented: PresentedToken,
  { action, charges }: Occasion,
  facts: Pick<MessageFacts, 'networkId' | 'emit'>,
  context: SessionContext,
): Promise<Decision> {
  const database = await context.begin();
  const now = context.clock.now();
  const { networkId } = facts;
  const token = presented.idToken === '' ? undefined : await findToken(database, presented.idToken);
  const decision = authorize(presented, token, {
    networkId,
    now,
    acceptUnknown: context.settings.acceptAllTokens,
    chargesElsewhere:
      charges !== undefined && token?.allowConcurrent === false
        ? await hasOtherTransaction(presented.idToken, charges.exceptId, context)
        : false,
  });
  const at = now.toISOString();
  const isUnknown = token === undefined && presented.type !== 'NoAuthorization' && presented.idToken !== '';
  if (isUnknown) context.unknownTokens.add(presented, { networkId, action, at });
  await writeDown(database, presented, decision, { id: context.newId(), at, client: networkId, action });
  if (decision.status !== 'Accepted')
    facts.emit('IdTokenRefused', { idToken: presented.idToken, status: decision.status });
  return decision;
}

/**
 * Held up at two charge points at the same moment, one is the first: whoever finds the token in the hands of another
 * transaction is the second.
 */
async function hasOtherTransaction(
  idToken: string,
  exceptId: string | undefined,
  { begin, rowLocks }: SessionContext,
): Promise<boolean> {
  const database = await begin();
  if (rowLocks && !(await tryLock(database, `session id-token ${tokenKey(idToken)}`))) return true;
  const other = await database
    .selectFrom('charging_transaction')
    .select('id')
    .where('token_key', '=', tokenKey(idToken))
    .where('active', '=', 1)
    .where('id', '!=', exceptId ?? '')
    .executeTakeFirst();
  return other !== undefined;
}

async function writeDown(
  database: SessionDatabase,
  { idToken, type }: PresentedToken,
  { status, reason }: Decision,
  entry: { id: string; at: string; client: string; action: string },
): Promise<void> {
  await database
    .insertInto('authorization_log')
    .values({ ...entry, id_token: idToken, type: type ?? null, status, reason })
    .execute();
}
