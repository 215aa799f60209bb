import { onAnswer } from '../handlers.ts';
import { read2x, read16 } from './list-message.ts';
import { keepAccepted, keepReported } from './local-list-store.ts';

/** 1.6 §5.15. Lists that are sent as commands are known here as well. */
export const sendLocalList16 = onAnswer(
  ['ocpp1.6'],
  'SendLocalList',
  async ({ request, outcome, networkId, receivedAt }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    await keepAccepted(await context.begin(), networkId, read16(request), receivedAt);
  },
);

/** D01. */
export const sendLocalList = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'SendLocalList',
  async ({ request, outcome, networkId, receivedAt }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    await keepAccepted(await context.begin(), networkId, read2x(request), receivedAt);
  },
);

/** 1.6 §5.10; TC_042: −1 is no list at all, 0 an empty one. */
export const getLocalListVersion16 = onAnswer(
  ['ocpp1.6'],
  'GetLocalListVersion',
  async ({ outcome, networkId, receivedAt }, context) => {
    if (!outcome.ok) return;
    await keepReported(await context.begin(), networkId, outcome.response.listVersion, receivedAt);
  },
);

/** D02. */
export const getLocalListVersion = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'GetLocalListVersion',
  async ({ outcome, networkId, receivedAt }, context) => {
    if (!outcome.ok) return;
    await keepReported(await context.begin(), networkId, outcome.response.versionNumber, receivedAt);
  },
);
