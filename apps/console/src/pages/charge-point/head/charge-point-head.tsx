import type { ChargePoint } from '@ocpp-csms/api-client';
import { Copyable } from '../../../components/copyable.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatePill } from '../../../components/state-pill.tsx';
import { Tags } from '../../../components/tags.tsx';
import { useChargingAt } from '../../../data/charging.ts';
import classes from './charge-point-head.module.css';
import { ConnectorTile } from './connector-tile.tsx';
import { QuickActions } from './quick-actions.tsx';

/** Who it is, how each of its connectors is, and what is done most. */
export function ChargePointHead({ chargePoint }: { chargePoint: ChargePoint }) {
  const { networkId, name, vendor, model, firmwareVersion, connection, connectors, tags } = chargePoint;
  const { data: charging } = useChargingAt([networkId]);
  const { connected } = connection;
  return (
    <PageHead
      title={name}
      aside={
        <>
          {name !== networkId && <Copyable text={networkId} what="identity" />}
          {!connected && <StatePill state="offline" />}
          <Tags tags={tags} />
        </>
      }
      actions={<QuickActions chargePoint={chargePoint} />}
    >
      <div className={classes.facts}>
        <span>{[vendor, model].filter(Boolean).join(' ') || 'Not booted yet'}</span>
        {firmwareVersion !== null && <span>firmware {firmwareVersion}</span>}
        <span>{(connection.protocol ?? connection.lastProtocol ?? 'no protocol yet').replace('ocpp', 'OCPP ')}</span>
        {connected ? (
          <span>
            connected <RelativeTime at={connection.since} />
            {connection.remoteAddress !== undefined && ` from ${connection.remoteAddress}`}
          </span>
        ) : (
          <span>
            last heard <RelativeTime at={connection.lastSeenAt} />
          </span>
        )}
        {chargePoint.registration !== 'Accepted' && <strong>registration {chargePoint.registration}</strong>}
        {!chargePoint.enabled && <strong>disabled: it is not let in</strong>}
      </div>
      {connectors.length > 0 && (
        <ul className={classes.connectors} aria-label="Connectors">
          {connectors.map((connector) => (
            <ConnectorTile
              key={`${connector.evseId} ${connector.connectorId}`}
              chargePoint={chargePoint}
              connector={connector}
              charging={charging?.get(networkId)}
            />
          ))}
        </ul>
      )}
    </PageHead>
  );
}
