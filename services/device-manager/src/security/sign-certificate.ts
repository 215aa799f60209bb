import { onCall } from '../context.ts';

/** A02.FR.04: the CSMS hands the request to a certificate authority. There is none yet, so the answer is no. */
export const signCertificate = onCall(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'SignCertificate',
  ({ networkId, envelope }, { log }) => {
    log.warn(
      { networkId, msgId: envelope.body.msgId },
      'A charge point asks for a certificate, and there is no certificate authority here: Rejected',
    );
    return { status: 'Rejected' as const };
  },
);
