import type { ChargePoint, Charging } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { stopContent, unlockContent } from '../../../commands/quick-actions.ts';
import { ActionButton } from '../../../components/action-button.tsx';
import { CommandButton } from '../../../components/command-button.tsx';
import { outletName } from '../../../components/connector-pills.tsx';
import { Figure } from '../../../components/figure.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatePill } from '../../../components/state-pill.tsx';
import { chargingAtOutlet } from '../../../data/charging.ts';
import { stateOf, statusWords } from '../../../format/connector-state.ts';
import { energy, percent, power } from '../../../format/quantity.ts';
import classes from './connector-tile.module.css';
import { StartCharge } from './start-charge.tsx';

interface ConnectorTileProps {
  chargePoint: ChargePoint;
  connector: ChargePoint['connectors'][number];
  charging: readonly Charging[] | undefined;
}

/** One connector: its state, what it delivers, and to begin or end a charge there. */
export function ConnectorTile({ chargePoint, connector, charging }: ConnectorTileProps) {
  const { connected } = chargePoint.connection;
  const current = chargingAtOutlet(charging, connector);
  const state = stateOf(connector, { connected, chargingState: current?.chargingState });
  const words = statusWords[connector.status];
  return (
    <li className={classes.tile} data-state={state}>
      <div className={classes.line}>
        <StatePill state={state} label={outletName(connector)} />
        {connected && words !== undefined && state !== 'charging' && (
          <span className={`${classes.words} dim`}>{words}</span>
        )}
      </div>
      {current && (
        <dl className={classes.figures}>
          <Measure name="Power" {...power(current.powerW)} />
          <Measure name="Energy" {...energy(current.energyWh)} />
          {current.socPercent !== null && <Measure name="Charged" {...percent(current.socPercent)} />}
        </dl>
      )}
      {current && (
        <div className={`${classes.words} dim`}>
          {current.idToken ?? 'no card'} · began <RelativeTime at={current.startedAt} />
        </div>
      )}
      <ConnectorActions chargePoint={chargePoint} connector={connector} current={current} />
    </li>
  );
}

function Measure({ name, figure, unit }: { name: string; figure: string; unit: string }) {
  return (
    <div>
      <dt className="dim">{name}</dt>
      <dd>
        <Figure figure={figure} unit={unit} size="large" />
      </dd>
    </div>
  );
}

interface ConnectorActionsProps extends Omit<ConnectorTileProps, 'charging'> {
  current: Charging | undefined;
}

function ConnectorActions({ chargePoint, connector, current }: ConnectorActionsProps) {
  const [isStarting, setIsStarting] = useState(false);
  const version = versionOf(chargePoint.connection);
  const mayNot = chargePoint.connection.connected ? undefined : offlineReason;
  const name = `connector ${outletName(connector)} of ${chargePoint.name}`;
  return (
    <div className={classes.actions}>
      {current ? (
        <CommandButton
          chargePoint={chargePoint}
          label="Stop charge"
          content={stopContent(version, current.transactionId)}
          question={`Stop the charge at ${name}?`}
          consequence={`${current.idToken ?? 'Whoever'} charges there, and is not asked. The cable is freed as the charge point does it.`}
          mayNot={mayNot}
        />
      ) : (
        <ActionButton needs="operator" mayNot={mayNot} onClick={() => setIsStarting(true)}>
          Start charge
        </ActionButton>
      )}
      <CommandButton
        chargePoint={chargePoint}
        label="Unlock"
        content={unlockContent(version, connector)}
        question={`Unlock ${name}?`}
        consequence="The cable can be taken out. A charge that goes on is ended first by most charge points."
        mayNot={mayNot}
        variant="subtle"
        color="gray"
      />
      <StartCharge
        opened={isStarting}
        onClose={() => setIsStarting(false)}
        chargePoint={chargePoint}
        connector={connector}
      />
    </div>
  );
}

export const offlineReason =
  'It is offline. What must not happen later, such as this, is not kept for it: try again when it is connected.';
