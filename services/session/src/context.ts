import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { UnknownTokenSink } from './authorization/unknown-tokens.ts';
import type { MeterValueSink } from './meter-values/meter-value-sink.ts';
import type { SessionDatabase } from './schema.ts';
import type { PlausibleTimes } from './times.ts';
import type { TransactionIds } from './transactions/transaction-ids.ts';

/** What a handler may use. Everything it writes is committed together with its answer. */
export interface SessionContext {
  /** The transaction of this batch, begun by the first handler that asks for it. */
  begin(): Promise<SessionDatabase>;
  /** Collects meter values; they are written at the end of the batch, or when a handler flushes them. */
  readonly meterValues: MeterValueSink;
  /** Collects the tokens that are not known; they are written at the end of the batch. */
  readonly unknownTokens: UnknownTokenSink;
  /** Others write at the same time, about other charge points: what is theirs as well is locked before it is judged by. */
  readonly rowLocks: boolean;
  readonly plausibleTimes: PlausibleTimes;
  readonly settings: Settings['session'];
  readonly transactionIds: Pick<TransactionIds, 'next'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}
