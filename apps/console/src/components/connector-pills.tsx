import type { ChargePoint, Charging } from '@ocpp-csms/api-client';
import { chargingAtOutlet } from '../data/charging.ts';
import { stateOf } from '../format/connector-state.ts';
import classes from './connector-pills.module.css';
import { StatePill } from './state-pill.tsx';

interface ConnectorPillsProps {
  chargePoint: ChargePoint;
  charging: readonly Charging[] | undefined;
}

/** More than this many stand there without their word. */
const wordsUpTo = 2;

/** Every connector of a charge point, in the order of its numbers. */
export function ConnectorPills({ chargePoint, charging }: ConnectorPillsProps) {
  const { connection, connectors } = chargePoint;
  if (!connection.connected) return <StatePill state="offline" />;
  if (connectors.length === 0) return <span className="dim">has not said yet</span>;
  const isCompact = connectors.length > wordsUpTo;
  return (
    <span className={classes.pills}>
      {connectors.map((connector) => (
        <StatePill
          key={`${connector.evseId} ${connector.connectorId}`}
          label={outletName(connector)}
          state={stateOf(connector, {
            connected: true,
            chargingState: chargingAtOutlet(charging, connector)?.chargingState,
          })}
          compact={isCompact}
        />
      ))}
    </span>
  );
}

/** `2` in 1.6; `2` or, where an EVSE has several connectors, `2.1` in 2.x. */
export function outletName({ evseId, connectorId }: { evseId?: number | undefined; connectorId: number }): string {
  if (evseId === undefined) return String(connectorId);
  return connectorId > 1 ? `${evseId}.${connectorId}` : String(evseId);
}
