/** Peer: `ws` alone. */
import { fixedAnswer } from './fixed-answers.ts';
import { serveWs } from './ws-peer.ts';

serveWs(fixedAnswer);
