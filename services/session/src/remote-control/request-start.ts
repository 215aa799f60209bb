import type { MessageFacts } from '@ocpp-csms/calls';
import { tokenKey } from '../authorization/token-store.ts';
import type { SessionContext } from '../context.ts';
import { onAnswer } from '../handlers.ts';
import { noteRemoteStart } from './remote-starts.ts';

/** 1.6 §5.11. TC_026: a remote start that was rejected creates nothing. */
export const remoteStartTransaction = onAnswer(
  ['ocpp1.6'],
  'RemoteStartTransaction',
  async ({ request, outcome, ...facts }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    const { idTag = '', connectorId }: Partial<typeof request> = request;
    await note(facts, { idToken: idTag, outlet: connectorId ?? null, remoteStartId: null }, context);
  },
);

/** F01, F02. */
export const requestStartTransaction = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'RequestStartTransaction',
  async ({ request, outcome, ...facts }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    const { idToken, evseId, remoteStartId }: Partial<typeof request> = request;
    await note(
      facts,
      { idToken: idToken?.idToken ?? '', outlet: evseId ?? null, remoteStartId: remoteStartId ?? null },
      context,
    );
  },
);

async function note(
  { networkId, receivedAt, envelope }: MessageFacts,
  { idToken, outlet, remoteStartId }: { idToken: string; outlet: number | null; remoteStartId: number | null },
  context: SessionContext,
): Promise<void> {
  await noteRemoteStart(await context.begin(), {
    call_id: envelope.answerTo ?? envelope.id,
    client: networkId,
    message_id: envelope.body.msgId,
    token_key: tokenKey(idToken),
    outlet,
    remote_start_id: remoteStartId,
    requested_at: receivedAt,
    led_to: null,
  });
}
