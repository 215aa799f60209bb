import type { IdToken } from '@ocpp-csms/api-client';
import { Verdict } from '../../components/verdict.tsx';

/** What it is answered with now; one that is accepted and has expired is not. */
export function TokenStatusWord({ token }: { token: Pick<IdToken, 'status' | 'expiresAt'> }) {
  const isOver = token.expiresAt !== undefined && Date.parse(token.expiresAt) <= Date.now();
  const word = token.status === 'Accepted' && isOver ? 'Expired' : token.status;
  return <Verdict isGood={word === 'Accepted'}>{word}</Verdict>;
}
