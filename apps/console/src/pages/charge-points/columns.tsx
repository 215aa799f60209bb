import type { ChargePoint, Charging } from '@ocpp-csms/api-client';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ConnectorPills } from '../../components/connector-pills.tsx';
import type { Column } from '../../components/data-table.tsx';
import { Figure } from '../../components/figure.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Tags } from '../../components/tags.tsx';
import { power } from '../../format/quantity.ts';
import classes from './columns.module.css';

export function chargePointColumns(
  chargingAt: (networkId: string) => readonly Charging[] | undefined,
): Column<ChargePoint>[] {
  return [
    {
      id: 'name',
      header: 'Charge point',
      width: 'minmax(150px, 1.6fr)',
      cell: (row) => (
        <span className={classes.name}>
          <ChargePointLink networkId={row.networkId} name={row.name} />
          {row.name !== row.networkId && <span className="mono dim ellipsis">{row.networkId}</span>}
        </span>
      ),
    },
    {
      id: 'connectors',
      header: 'Connectors',
      width: 'minmax(180px, 2.2fr)',
      cell: (row) => <ConnectorPills chargePoint={row} charging={chargingAt(row.networkId)} />,
    },
    {
      id: 'power',
      header: 'Power',
      width: '84px',
      align: 'end',
      cell: (row) => <Power charging={chargingAt(row.networkId)} />,
    },
    {
      id: 'model',
      header: 'Model',
      width: 'minmax(110px, 1.2fr)',
      cell: ({ vendor, model }) =>
        [vendor, model].filter(Boolean).join(' ') || <span className="dim">not booted yet</span>,
    },
    {
      id: 'firmware',
      header: 'Firmware',
      width: 'minmax(80px, 0.8fr)',
      cell: ({ firmwareVersion }) => firmwareVersion,
    },
    {
      id: 'protocol',
      header: 'OCPP',
      width: '56px',
      cell: ({ connection }) => shortProtocol(connection.protocol ?? connection.lastProtocol),
    },
    { id: 'tags', header: 'Tags', width: 'minmax(70px, 0.9fr)', cell: ({ tags }) => <Tags tags={tags} /> },
    {
      id: 'seen',
      header: 'Last heard',
      width: '96px',
      cell: ({ connection }) => <RelativeTime at={connection.lastSeenAt} />,
    },
  ];
}

/** Where there is no room for columns. */
export function ChargePointRowCard({ row, charging }: { row: ChargePoint; charging: readonly Charging[] | undefined }) {
  return (
    <div className={classes.card}>
      <div className={classes.line}>
        <ChargePointLink networkId={row.networkId} name={row.name} />
        <Power charging={charging} />
      </div>
      <ConnectorPills chargePoint={row} charging={charging} />
      <div className={`${classes.line} dim`}>
        <span className="ellipsis">{[row.vendor, row.model].filter(Boolean).join(' ') || row.networkId}</span>
        <RelativeTime at={row.connection.lastSeenAt} />
      </div>
    </div>
  );
}

function Power({ charging = [] }: { charging: readonly Charging[] | undefined }) {
  const known = charging.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
  if (known.length === 0) return null;
  return <Figure {...power(known.reduce((sum, watts) => sum + watts, 0))} />;
}

export const shortProtocol = (protocol: string | null | undefined): string => protocol?.replace('ocpp', '') ?? '';
