import { onCall } from '../handlers.ts';
import { checkToken } from './check-token.ts';
import { idTagInfoOf, idTokenInfoOf } from './id-token-info.ts';

/** 1.6 §4.1. TC_023: unknown → Invalid, expired → Expired, blocked → Blocked. TC_053: the parent is returned. */
export const authorize16 = onCall(['ocpp1.6'], 'Authorize', async ({ request, ...facts }, context) => ({
  idTagInfo: idTagInfoOf(await checkToken({ idToken: request.idTag }, { action: 'Authorize' }, facts, context)),
}));

/** C01. TC_C_39: the group is returned. */
export const authorize2x = onCall(['ocpp2.0.1', 'ocpp2.1'], 'Authorize', async ({ request, ...facts }, context) => ({
  idTokenInfo: idTokenInfoOf(await checkToken(request.idToken, { action: 'Authorize' }, facts, context)),
}));
