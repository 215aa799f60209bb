import { onAnswer } from '../context.ts';
import { startJob } from '../firmware/status-jobs.ts';

/** N01; 1.6 security whitepaper §5.11 */
export const getLog = onAnswer(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'GetLog',
  async ({ networkId, request, outcome, envelope }, context) => {
    if (!outcome.ok) return;
    const { status, filename } = outcome.response;
    const { requestId } = request;
    const detail = { logType: request.logType, location: request.log?.remoteLocation, fileName: filename };
    await startJob(
      { networkId, kind: 'log', action: 'GetLog', commandId: envelope.answerTo, requestId, status, detail },
      context,
    );
  },
);
