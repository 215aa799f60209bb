import type { IdToken } from '../../connection/answers.ts';
import type { Context } from '../../context.ts';
import { jsonDocument } from '../../output/json.ts';
import { facts } from '../../output/table.ts';
import { localTime } from '../../output/time.ts';

export function showIdToken(token: IdToken, { json }: { json?: boolean }, { terminal }: Context): Promise<void> {
  if (json) return terminal.out(jsonDocument(token));
  return terminal.out(
    facts([
      ['idToken', token.idToken],
      ['status', token.status],
      ['type', token.type],
      ['expires', localTime(token.expiresAt)],
      ['group', token.parentIdToken],
      ['where', token.chargePoints.length === 0 ? 'everywhere' : token.chargePoints.join(', ')],
      ['note', token.note],
    ]),
  );
}
