import { Command } from 'commander';
import type { ChargePoint, Connector, ConnectorInShort } from '../connection/answers.ts';
import type { Api } from '../connection/api.ts';
import { type ApiFlags, connect, withApi } from '../connection/connect.ts';
import { listing } from '../connection/pages.ts';
import type { Context } from '../context.ts';
import { jsonDocument } from '../output/json.ts';
import { type Column, table } from '../output/table.ts';
import type { Style } from '../output/terminal.ts';
import { localTime } from '../output/time.ts';
import { examples } from './examples.ts';

interface Flags extends ApiFlags {
  tag?: string;
}

interface Row extends ConnectorInShort {
  networkId: string;
}

export function connectors(context: Context): Command {
  const command = new Command('connectors')
    .description('Connectors and their status: of one charge point in full, or of all in short.')
    .argument('[chargePoint]', 'networkId or chargePointId; otherwise all')
    .option('--tag <tag>', 'of all: only those of charge points with this tag')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['connectors CP001', ''],
        ['connectors', 'of all charge points'],
        ['connectors --json | jq \'.[] | select(.status == "Faulted")\'', ''],
      ]),
    )
    .action(async (id: string | undefined, flags: Flags) => {
      const api = await connect(flags, context);
      await (id === undefined ? showAll(api, flags, context) : showOne(api, id, flags, context));
    });
  return withApi(command);
}

const place = ({ evseId, connectorId }: ConnectorInShort): string =>
  evseId === undefined ? String(connectorId) : `${evseId}.${connectorId}`;

const statusColumn = { title: 'STATUS', text: ({ status }: ConnectorInShort) => status, style: styleOf };

function styleOf({ status }: ConnectorInShort): Style | undefined {
  if (status === 'Available') return 'green';
  return status === 'Faulted' || status === 'Unavailable' ? 'red' : 'yellow';
}

async function showOne(api: Api, id: string, { json }: Flags, { terminal }: Context): Promise<void> {
  const answer: { chargePoint?: Omit<Connector, 'connectorId'>; items: Connector[] } = await api.get(
    `/device-manager/charge-points/${encodeURIComponent(id)}/connectors`,
  );
  if (json) return terminal.out(jsonDocument(answer));
  const columns: Column<Connector>[] = [
    { title: 'CONNECTOR', text: (row) => (row.connectorId === 0 && row.evseId === undefined ? 'itself' : place(row)) },
    statusColumn,
    { title: 'SINCE', text: ({ statusAt }) => localTime(statusAt) },
    { title: 'ERROR', text: errorOf, flexible: true },
    { title: 'INFO', text: ({ info = '' }) => info, flexible: true },
  ];
  const itself = answer.chargePoint === undefined ? [] : [{ ...answer.chargePoint, connectorId: 0 }];
  const rows = [...itself, ...answer.items];
  if (rows.length > 0) await terminal.out(table(rows, columns, terminal));
  else terminal.note(`${id} has not said anything of its connectors yet.`);
}

const errorOf = ({ errorCode = '', vendorErrorCode = '' }: Connector): string =>
  [errorCode === 'NoError' ? '' : errorCode, vendorErrorCode].filter((part) => part !== '').join(' ');

async function showAll(api: Api, { tag, json }: Flags, { terminal }: Context): Promise<void> {
  const rows: Row[] = [];
  const { items } = listing<ChargePoint>(api, '/device-manager/charge-points', { tag }, Number.POSITIVE_INFINITY);
  for await (const { networkId, connectors: list } of items) {
    for (const connector of list) rows.push({ networkId, ...connector });
  }
  if (json) return terminal.out(jsonDocument(rows));
  const columns: Column<Row>[] = [
    { title: 'CHARGE POINT', text: ({ networkId }) => networkId },
    { title: 'CONNECTOR', text: place },
    statusColumn,
  ];
  if (rows.length > 0) await terminal.out(table(rows, columns, terminal));
  else terminal.note('No charge point has said anything of its connectors yet.');
}
