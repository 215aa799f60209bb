import { type Command, Option } from 'commander';
import type { Query } from '../../connection/api.ts';
import type { ApiFlags } from '../../connection/connect.ts';

export interface FilterFlags extends ApiFlags {
  client?: string;
  action?: string;
  direction?: string;
  msgId?: string;
  origin?: string;
  errors?: boolean;
  deviations?: boolean;
  q?: string;
}

/** OCPP-J message types, by the words for them. */
const directions: Readonly<Record<string, number>> = {
  call: 2,
  result: 3,
  error: 4,
  'result-error': 5,
  send: 6,
  unreadable: 0,
};

export const withFilter = (command: Command): Command =>
  command
    .option('--client <networkId>', 'of this charge point')
    .option('--action <name>', 'such as StatusNotification; its answers as well')
    .addOption(new Option('--direction <kind>', 'only these').choices(Object.keys(directions)))
    .addOption(new Option('--origin <who>', 'client: the charge point; server: we').choices(['client', 'server']))
    .option('--msg-id <id>', 'with this OCPP message id')
    .option('--errors', 'only errors, what was answered with one, was not readable or was dropped')
    .option('--deviations', 'only what was not as the specification says')
    .option('--q <text>', 'with this text in the payload, the answer or the raw frame');

export function queryOf({ client, action, direction, msgId, origin, errors, deviations, q }: FilterFlags): Query {
  return {
    client,
    messageType: action,
    direction: direction === undefined ? undefined : directions[direction],
    msgId,
    origin,
    errors: errors || undefined,
    deviations: deviations || undefined,
    q,
  };
}
