/** Peer: `ws` and a check of request and response with the validators that ajv has compiled from the schemas. */
import { loadValidator } from '@ocpp-csms/ocpp';
import { fixedAnswer } from './fixed-answers.ts';
import { serveWs } from './ws-peer.ts';

const validator = await loadValidator('ocpp1.6');

serveWs((action, payload) => {
  if (validator.checkRequest(action, payload).length > 0) throw new Error(`the bench sent an invalid ${action}`);
  const answer = fixedAnswer(action);
  if (validator.checkResponse(action, answer).length > 0) throw new Error(`the answer to ${action} is invalid`);
  return answer;
});
