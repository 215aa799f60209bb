/** What the API answers with, in the types that are made of its own document. */
import type { AnswerOf, ChargePoint, CommandResult as MadeCommand } from '@ocpp-csms/api-client';

export type {
  ChargePoint,
  Connector,
  IdToken,
  Message as LoggedMessage,
  RefusedConnection,
  Transaction,
  TransactionDetail,
  UnknownIdToken,
} from '@ocpp-csms/api-client';

export type ConnectorInShort = ChargePoint['connectors'][number];

/** With its password, where the server made one: it is shown this once. One that was adopted may come with a warning. */
export type CreatedChargePoint = AnswerOf<'POST /device-manager/charge-points'> &
  Pick<AnswerOf<'POST /device-manager/refused-connections/{networkId}/adopt'>, 'warning'>;

/** What became of a command: also of one that was not made, and of which only the reason is known. */
export interface CommandResult extends Pick<MadeCommand, 'response' | 'error'> {
  commandId?: string;
  status: string;
}
