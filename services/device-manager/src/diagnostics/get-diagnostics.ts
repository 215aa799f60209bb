import { onAnswer } from '../context.ts';
import { startJob } from '../firmware/status-jobs.ts';

/** 1.6 §5.9. Without a file name there is nothing to upload. */
export const getDiagnostics = onAnswer(
  ['ocpp1.6'],
  'GetDiagnostics',
  async ({ networkId, request, outcome, envelope }, context) => {
    if (!outcome.ok) return;
    const { fileName } = outcome.response;
    const status = fileName ? 'Requested' : 'Rejected';
    const detail = { location: request.location, fileName };
    await startJob(
      { networkId, kind: 'diagnostics', action: 'GetDiagnostics', commandId: envelope.answerTo, status, detail },
      context,
    );
  },
);
