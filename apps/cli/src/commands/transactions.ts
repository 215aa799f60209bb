import { Command } from 'commander';
import type { Transaction, TransactionDetail } from '../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../connection/connect.ts';
import type { Context } from '../context.ts';
import { jsonDocument } from '../output/json.ts';
import { type Column, facts, table } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { duration, localTime } from '../output/time.ts';
import { examples } from './examples.ts';
import { type ListFlags, showList, withLimit } from './lists.ts';
import { timeOf } from './option-values.ts';

interface ListingFlags extends ApiFlags, ListFlags {
  chargePoint?: string;
  active?: boolean;
  ended?: boolean;
  from?: string;
  to?: string;
  idToken?: string;
  flag?: string;
}

export function transactions(context: Context): Command {
  return new Command('transactions')
    .description('Who charged what.')
    .helpCommand(false)
    .addCommand(listTransactions(context))
    .addCommand(showTransaction(context));
}

function listTransactions(context: Context): Command {
  const { calledAs, now } = context;
  const time = (text: string) => timeOf(text, now(), 'ago');
  const command = new Command('list')
    .description('Lists transactions, the newest first.')
    .option('--charge-point <chargePoint>', 'networkId or chargePointId')
    .option('--active', 'only those under way')
    .option('--ended', 'only those that have ended')
    .option('--from <time>', 'begun at this time or later: 2026-01-31, "2026-01-31 14:00", 2h, 7d', time)
    .option('--to <time>', 'begun before this time', time)
    .option('--id-token <idToken>', 'whose')
    .option('--flag <code>', 'only those with this flag, such as missing-meter')
    .addHelpText(
      'after',
      examples(calledAs, [
        ['transactions list --active', ''],
        ['transactions list --charge-point CP001 --from 7d', 'of the last week'],
        ['transactions list --from 2026-01-01 --to 2026-02-01 --all --json', 'of a month'],
      ]),
    )
    .action(async (flags: ListingFlags) => {
      const { chargePoint: chargePointId, from, to, idToken, flag } = flags;
      const active = flags.active ? true : flags.ended ? false : undefined;
      const query = { chargePointId, active, from, to, idToken, flag };
      const list = { path: '/session/transactions', query, columns: columnsAt(now()), nothing: 'There are none.' };
      await showList<Transaction>(list, flags, context);
    });
  return withApi(withLimit(command));
}

const columnsAt = (now: Date): Column<Transaction>[] => [
  { title: 'TRANSACTION', text: ({ transactionId }) => String(transactionId) },
  { title: 'CHARGE POINT', text: ({ networkId }) => networkId },
  { title: 'AT', text: placeOf },
  { title: 'ID TOKEN', text: ({ idToken = '' }) => idToken, flexible: true },
  { title: 'BEGAN', text: ({ startedAt }) => localTime(startedAt) },
  { title: 'FOR', text: (transaction) => lengthOf(transaction, now), right: true },
  { title: 'KWH', text: energyOf, right: true },
  {
    title: 'STATE',
    text: ({ active, chargingState, reason }) => (active ? (chargingState ?? 'active') : (reason ?? 'ended')),
    style: ({ active }) => (active ? 'green' : undefined),
  },
  {
    title: 'FLAGS',
    text: ({ flags }) => flags.map(({ code }) => code).join(' '),
    flexible: true,
    style: () => 'yellow',
  },
];

function placeOf({ evseId, connectorId }: Transaction): string {
  return [evseId, connectorId].filter((part) => part !== undefined).join('.');
}

function lengthOf({ startedAt, stoppedAt }: Transaction, now: Date): string {
  const end = stoppedAt === undefined ? now.getTime() : Date.parse(stoppedAt);
  return duration(Math.max(0, end - Date.parse(startedAt)));
}

const energyOf = ({ energyWh }: Transaction): string => (energyWh === null ? '' : (energyWh / 1000).toFixed(3));

function showTransaction(context: Context): Command {
  const command = new Command('show')
    .description('Shows one transaction with its flags and the messages that made it.')
    .argument('<transaction>', 'transactionId, id, or networkId:transactionId')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['transactions show 1234567', ''],
        ['transactions show CP007:8a1f', 'of OCPP 2.x, where only one charge point knows the id'],
      ]),
    )
    .action(async (id: string, flags: ApiFlags) => {
      const path = `/session/transactions/${encodeURIComponent(id)}`;
      const transaction: TransactionDetail = await (await connect(flags, context)).get(path);
      const { terminal } = context;
      await terminal.out(flags.json ? jsonDocument(transaction) : shown(transaction, terminal, context.now()));
    });
  return withApi(command);
}

const wattHours = (value: number | null | undefined): string | undefined =>
  value === null || value === undefined ? undefined : `${value} Wh`;

function shown(transaction: TransactionDetail, terminal: Terminal, now: Date): string {
  const { flags, evidence, active } = transaction;
  const head = facts([
    ['transactionId', String(transaction.transactionId)],
    ['charge point', transaction.networkId],
    ['connector', placeOf(transaction)],
    ['protocol', transaction.protocol],
    ['id token', transaction.idToken],
    ['authorization', transaction.authorizationStatus],
    ['state', active ? (transaction.chargingState ?? 'active') : 'ended'],
    ['began', localTime(transaction.startedAt)],
    ['ended', localTime(transaction.stoppedAt)],
    ['for', lengthOf(transaction, now)],
    ['reason', transaction.reason],
    ['ended by', transaction.stopIdToken],
    ['meter at start', wattHours(transaction.meterStartWh)],
    ['meter at end', wattHours(transaction.meterStopWh)],
    ['energy', wattHours(transaction.energyWh) ?? 'not known'],
    ['disputed', transaction.disputed ? 'yes: look at the flags before billing it' : undefined],
    ['id', transaction.id],
  ]);
  const flagTable = table(
    flags,
    [
      { title: 'FLAG', text: ({ code }) => code, style: () => 'yellow' },
      { title: 'MEANING', text: ({ words }) => words },
    ],
    terminal,
  );
  const evidenceTable = table(
    evidence,
    [
      { title: 'RECEIVED', text: ({ receivedAt }) => localTime(receivedAt) },
      { title: 'MESSAGE', text: ({ messageType, repeated }) => `${messageType}${repeated ? ' (repeated)' : ''}` },
      { title: 'ID', text: ({ envelopeId }) => envelopeId },
    ],
    terminal,
  );
  return [head, flags.length > 0 ? flagTable : '', evidence.length > 0 ? evidenceTable : '']
    .filter((part) => part !== '')
    .join('\n');
}
