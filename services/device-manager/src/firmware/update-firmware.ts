import { onAnswer } from '../context.ts';
import { startJob } from './status-jobs.ts';

/** 1.6 §5.19: the answer says nothing but that it was understood. */
export const updateFirmware16 = onAnswer(
  ['ocpp1.6'],
  'UpdateFirmware',
  async ({ networkId, request, outcome, envelope }, context) => {
    if (!outcome.ok) return;
    const detail = { location: request.location, retrieveDate: request.retrieveDate };
    await startJob(
      {
        networkId,
        kind: 'firmware',
        action: 'UpdateFirmware',
        commandId: envelope.answerTo,
        status: 'Requested',
        detail,
      },
      context,
    );
  },
);

/** L01 */
export const updateFirmware = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'UpdateFirmware',
  async ({ networkId, request, outcome, envelope }, context) => {
    if (!outcome.ok) return;
    const { location, retrieveDateTime, installDateTime } = request.firmware;
    const detail = { location, retrieveDateTime, installDateTime };
    const { requestId } = request;
    await startJob(
      {
        networkId,
        kind: 'firmware',
        action: 'UpdateFirmware',
        commandId: envelope.answerTo,
        requestId,
        status: outcome.response.status,
        detail,
      },
      context,
    );
  },
);

/** 1.6 security whitepaper §5.18 */
export const signedUpdateFirmware = onAnswer(
  ['ocpp1.6'],
  'SignedUpdateFirmware',
  async ({ networkId, request, outcome, envelope }, context) => {
    if (!outcome.ok) return;
    const { location, retrieveDateTime, installDateTime } = request.firmware;
    const detail = { location, retrieveDateTime, installDateTime };
    const { requestId } = request;
    await startJob(
      {
        networkId,
        kind: 'firmware',
        action: 'SignedUpdateFirmware',
        commandId: envelope.answerTo,
        requestId,
        status: outcome.response.status,
        detail,
      },
      context,
    );
  },
);
