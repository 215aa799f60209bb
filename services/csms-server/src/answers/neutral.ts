import {
  type ActionOf,
  isJsonObject,
  type JsonObject,
  type OcppVersion,
  type RequestOf,
  type ResponseOf,
} from '@ocpp-csms/ocpp';

/** By action; `undefined` where every answer that could be invented does harm. */
type NeutralAnswers<V extends OcppVersion> = {
  [A in ActionOf<V>]?: (request: JsonObject, now: string) => ResponseOf<V, A> | undefined;
};

/**
 * What is answered when the owner of a decision is silent. Each is valid, and reviewed to do no harm:
 * - StartTransaction, Authorize: none. A wrong id, or an Invalid that is cached, does harm; the socket is closed, the
 *   charge point works offline and repeats (field-faults 33, 43).
 * - StopTransaction: empty. It is stored, and idTagInfo is optional (1.6 §4.10); no error, or the stop is thrown away.
 * - DataTransfer: 1.6 §4.3, P01: nobody of that vendor is here; never a CALLERROR (field-faults 48).
 * - SignCertificate: Rejected; the charge point keeps its certificate and may ask again (A02).
 */
export const undecided16: NeutralAnswers<'ocpp1.6'> = {
  Authorize: () => undefined,
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  SignCertificate: () => ({ status: 'Rejected' }),
  StartTransaction: () => undefined,
  StopTransaction: () => ({}),
};

/**
 * As in 1.6. A TransactionEvent that carries an id token must be answered with what is known of it, which
 * nobody knows now; without one, an empty answer says that it is stored.
 */
export const undecided2x: NeutralAnswers<'ocpp2.0.1' | 'ocpp2.1'> = {
  Authorize: () => undefined,
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  SignCertificate: () => ({ status: 'Rejected' }),
  TransactionEvent: (request) => (isJsonObject(request.idToken) ? undefined : {}),
};

/**
 * What nobody decides yet:
 * - Get15118EVCertificate, GetCertificateStatus: Failed; the charge point goes on without contract or with its cache.
 * - NotifyEVChargingNeeds: Rejected, no profile is going to come (K15.FR.04), and the EV charges by default limits.
 * - NotifyEVChargingSchedule: Accepted; Rejected would start a renegotiation (K15).
 */
export const nobody2x: NeutralAnswers<'ocpp2.0.1' | 'ocpp2.1'> = {
  Get15118EVCertificate: () => ({ status: 'Failed', exiResponse: '' }),
  GetCertificateStatus: () => ({ status: 'Failed' }),
  NotifyEVChargingNeeds: () => ({ status: 'Rejected' }),
  NotifyEVChargingSchedule: () => ({ status: 'Accepted' }),
};

/**
 * New in 2.1:
 * - NotifyEVChargingNeeds has a word of its own for "no profile is going to come" (K18.FR.04).
 * - GetCertificateChainStatus: one `Failed` for each certificate that was asked for.
 * - OpenPeriodicEventStream: Rejected, so that no stream starts which nobody reads; monitors report by NotifyEvent.
 * - PullDynamicScheduleUpdate: Rejected; the last schedule stays.
 * - VatNumberValidation: Rejected with the number as it was sent; nobody has checked it.
 */
export const nobody21: NeutralAnswers<'ocpp2.1'> = {
  ...nobody2x,
  NotifyEVChargingNeeds: () => ({ status: 'NoChargingProfile' }),
  GetCertificateChainStatus: (request, now) => ({ certificateStatus: chainStatus(request, now) }),
  OpenPeriodicEventStream: () => ({ status: 'Rejected' }),
  PullDynamicScheduleUpdate: () => ({ status: 'Rejected' }),
  VatNumberValidation: ({ vatNumber }) => ({ status: 'Rejected', vatNumber: String(vatNumber).slice(0, 20) }),
};

type ChainStatus = ResponseOf<'ocpp2.1', 'GetCertificateChainStatus'>['certificateStatus'];

function chainStatus({ certificateStatusRequests }: JsonObject, now: string): ChainStatus {
  const requests = certificateStatusRequests as RequestOf<
    'ocpp2.1',
    'GetCertificateChainStatus'
  >['certificateStatusRequests'];
  return requests.map(({ certificateHashData, source }) => ({
    certificateHashData,
    source,
    status: 'Failed',
    nextUpdate: now,
  })) as ChainStatus;
}
