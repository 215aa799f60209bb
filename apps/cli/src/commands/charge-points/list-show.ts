import { Command } from 'commander';
import type { ChargePoint, ConnectorInShort } from '../../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { jsonDocument } from '../../output/json.ts';
import { type Column, facts } from '../../output/table.ts';
import type { Style } from '../../output/terminal.ts';
import { duration, localTime } from '../../output/time.ts';
import { examples } from '../examples.ts';
import { type ListFlags, showList, withLimit } from '../lists.ts';

interface ListingFlags extends ApiFlags, ListFlags {
  connected?: boolean;
  offline?: boolean;
  q?: string;
  tag?: string;
}

export function listChargePoints(context: Context): Command {
  const command = new Command('list')
    .description('Lists charge points, with what they do now.')
    .option('--connected', 'only those that are connected')
    .option('--offline', 'only those that are not')
    .option('--q <text>', 'part of name, networkId, serial number, vendor or model')
    .option('--tag <tag>', 'only those with this tag')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['charge-points list', ''],
        ['charge-points list --offline --tag north', ''],
        ["charge-points list --all --json | jq -r '.[].networkId'", ''],
      ]),
    )
    .action(async (flags: ListingFlags) => {
      const { q, tag } = flags;
      const connected = flags.connected ? true : flags.offline ? false : undefined;
      const list = { path: '/device-manager/charge-points', query: { q, tag, connected } };
      const nothing = `There are none. What has knocked: ${context.calledAs} charge-points refused`;
      const columns = columnsAt(context.now());
      await showList<ChargePoint>({ ...list, columns, nothing }, flags, context);
    });
  return withApi(withLimit(command));
}

const columnsAt = (now: Date): Column<ChargePoint>[] => [
  { title: 'CHARGE POINT', text: ({ networkId }) => networkId },
  { title: 'NAME', text: ({ name, networkId }) => (name === networkId ? '' : name), flexible: true },
  { title: 'STATE', text: (chargePoint) => stateOf(chargePoint, now), style: styleOfState },
  { title: 'PROTOCOL', text: ({ connection }) => connection.protocol ?? connection.lastProtocol ?? '' },
  { title: 'MODEL', text: ({ vendor, model }) => [vendor ?? '', model ?? ''].join(' ').trim(), flexible: true },
  { title: 'CONNECTORS', text: ({ connectors }) => connectors.map(connectorText).join(' '), flexible: true },
];

function stateOf({ enabled, registration, connection }: ChargePoint, now: Date): string {
  const notes = [enabled ? '' : 'disabled', registration === 'Accepted' ? '' : registration];
  return [presenceOf(connection, now), ...notes].filter((part) => part !== '').join(', ');
}

function presenceOf({ connected, since, lastSeenAt }: ChargePoint['connection'], now: Date): string {
  const ago = (iso: string) => duration(Math.max(0, now.getTime() - Date.parse(iso)));
  if (connected) return since === undefined ? 'connected' : `connected ${ago(since)}`;
  return lastSeenAt === null ? 'never seen' : `offline, seen ${ago(lastSeenAt)} ago`;
}

function styleOfState({ connection, enabled }: ChargePoint): Style {
  if (!enabled) return 'dim';
  return connection.connected ? 'green' : 'red';
}

/** `1:Available`, in 2.x `1.1:Available` with the EVSE before. */
export function connectorText({ evseId, connectorId, status }: ConnectorInShort): string {
  return `${evseId === undefined ? '' : `${evseId}.`}${connectorId}:${status}`;
}

export function showChargePoint(context: Context): Command {
  const command = new Command('show')
    .description('Shows everything that is known of one.')
    .argument('<chargePoint>', 'networkId or chargePointId')
    .addHelpText('after', examples(context.calledAs, [['charge-points show CP001', '']]))
    .action(async (id: string, flags: ApiFlags) => {
      const api = await connect(flags, context);
      const chargePoint: ChargePoint = await api.get(`/device-manager/charge-points/${encodeURIComponent(id)}`);
      await context.terminal.out(flags.json ? jsonDocument(chargePoint) : chargePointFacts(chargePoint, context.now()));
    });
  return withApi(command);
}

export function chargePointFacts(chargePoint: ChargePoint, now: Date): string {
  const { connection, tags, connectors } = chargePoint;
  return facts([
    ['networkId', chargePoint.networkId],
    ['name', chargePoint.name],
    ['state', stateOf(chargePoint, now)],
    ['protocol', connection.protocol ?? connection.lastProtocol ?? undefined],
    ['address', connection.remoteAddress],
    ['connectors', connectors.map(connectorText).join(' ')],
    ['registration', chargePoint.registration],
    ['booted', localTime(chargePoint.bootedAt)],
    ['vendor', chargePoint.vendor ?? undefined],
    ['model', chargePoint.model ?? undefined],
    ['firmware', chargePoint.firmwareVersion ?? undefined],
    ['serial number', chargePoint.serialNumber ?? undefined],
    ['security profile', `${chargePoint.securityProfile}${chargePoint.hasPassword ? '' : ', without password'}`],
    ['template', chargePoint.templateId ?? undefined],
    ['tags', tags.join(', ')],
    ['registered', localTime(chargePoint.createdAt)],
    ['chargePointId', chargePoint.chargePointId],
  ]);
}
