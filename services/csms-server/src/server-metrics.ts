import { actionInfo, type JsonObject, type OcppVersion } from '@ocpp-csms/ocpp';
import type { Family, Metrics, Tally, Timing } from '@ocpp-csms/runtime';

/** What became of a CALL of a charge point. */
export type CallOutcome = 'answered' | 'refused' | 'neutral' | 'unanswered';
/** What became of a CALL of ours. */
export type SentOutcome = 'answered' | 'refused' | 'timed-out' | 'closed' | 'dropped';

/** What csms-server counts (docs/operations/monitoring.md). */
export interface ServerMetrics {
  /** `since`: when it came, by `performance.now()`. */
  callEnded(
    call: { version: OcppVersion; action: string; isDecision: boolean; since: number },
    outcome: CallOutcome,
  ): void;
  /** `since`: when it was written; absent: it never was. */
  sentCallEnded(call: { version: OcppVersion; action: string; since?: number | undefined }, outcome: SentOutcome): void;
  deviation(rule: string, model: string): void;
  refused(reason: string): void;
  disconnected(code: number): void;
}

export function createServerMetrics(
  metrics: Metrics,
  connections: () => ReadonlyMap<OcppVersion, number>,
): ServerMetrics {
  metrics.gauges('connections', 'Charge points that are connected to this node', 'version', connections);
  const received: Family<Tally> = metrics.counter(
    'calls_received_total',
    'CALLs of charge points, by what they were given: a CALLRESULT (answered), a CALLERROR (refused), a neutral answer because nobody decided, or nothing',
    ['version', 'action', 'outcome'],
  );
  const answer = metrics.duration(
    'call_answer_seconds',
    'From the arrival of a CALL to its answer on the socket: stored and answered at once (edge), or decided by its service (decision)',
    ['kind'],
  );
  const [edge, decision] = [answer.with('edge'), answer.with('decision')];
  const sent: Family<Tally> = metrics.counter('calls_sent_total', 'CALLs to charge points, by what came of them', [
    'version',
    'action',
    'outcome',
  ]);
  const result: Timing = metrics
    .duration('call_result_seconds', 'From a CALL on the socket to the answer of the charge point')
    .with();
  const deviations: Family<Tally> = metrics.counter(
    'deviations_total',
    'Departures from the specification in what charge points sent, by rule and by the model that it named when it booted',
    ['rule', 'model'],
  );
  const refusals: Family<Tally> = metrics.counter(
    'refused_handshakes_total',
    'WebSocket handshakes that were refused',
    ['reason'],
  );
  const disconnections: Family<Tally> = metrics.counter(
    'disconnections_total',
    'Ended connections, by WebSocket close code',
    ['code'],
  );
  return {
    callEnded({ version, action, isDecision, since }, outcome) {
      received.with(version, known(version, action), outcome).add();
      if (outcome === 'unanswered') return;
      (isDecision ? decision : edge).observe((performance.now() - since) / 1000);
    },
    sentCallEnded({ version, action, since }, outcome) {
      sent.with(version, known(version, action), outcome).add();
      if (since !== undefined && (outcome === 'answered' || outcome === 'refused')) {
        result.observe((performance.now() - since) / 1000);
      }
    },
    deviation: (rule, model) => deviations.with(rule, model).add(),
    refused: (reason) => refusals.with(reason).add(),
    disconnected: (code) => disconnections.with(String(code)).add(),
  };
}

/** What charge points make up is not a label. */
function known(version: OcppVersion, action: string): string {
  return actionInfo(version, action) === undefined ? 'other' : action;
}

const mostModelLength = 50;

/** As a BootNotification names it. */
export function modelOf(boot: JsonObject): string {
  const { chargePointModel, chargingStation } = boot as {
    chargePointModel?: unknown;
    chargingStation?: { model?: unknown };
  };
  const model = chargePointModel ?? chargingStation?.model;
  return typeof model === 'string' && model !== '' ? model.slice(0, mostModelLength) : 'unknown';
}
