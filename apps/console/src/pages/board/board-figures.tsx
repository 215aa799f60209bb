import type { Summary } from '@ocpp-csms/api-client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Figure } from '../../components/figure.tsx';
import { StatePill } from '../../components/state-pill.tsx';
import { useChargingSummary } from '../../data/board.ts';
import { type ConnectorState, stateOf } from '../../format/connector-state.ts';
import { count, energy, power, type Quantity } from '../../format/quantity.ts';
import classes from './board-figures.module.css';

/** The numbers that are looked at first: each leads to what it counts. */
export function BoardFigures({ summary }: { summary: Summary }) {
  const { data: charging } = useChargingSummary();
  const { chargePoints, connected } = summary;
  return (
    <>
      <dl className={classes.figures}>
        <Measure name={`online of ${chargePoints.toLocaleString('en')}`} {...count(connected)}>
          <Link to="/charge-points" search={{ state: 'online' }}>
            charge points
          </Link>
        </Measure>
        <Measure name="charging" {...count(charging?.active)}>
          <Link to="/transactions" search={{ active: 'true' }}>
            transactions
          </Link>
        </Measure>
        <Measure name="now" {...power(charging?.powerW)}>
          {charging && charging.powerKnownOf < charging.active && (
            <span>
              of {charging.powerKnownOf} of {charging.active}
            </span>
          )}
        </Measure>
        <Measure name="today" {...energy(charging?.energyWh)}>
          {charging && <span>{charging.ended.toLocaleString('en')} charges have ended</span>}
        </Measure>
      </dl>
      <ul className={classes.states} aria-label="Connectors by state">
        {statesOf(summary).map(([state, number]) => (
          <li key={state}>
            <Link to="/charge-points" search={{ state }} className={classes.state}>
              <StatePill state={state} detail={number.toLocaleString('en')} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Measure({ name, children, ...quantity }: Quantity & { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Figure {...quantity} size="large" />
        <div className={classes.more}>{children}</div>
      </dd>
    </div>
  );
}

/** Several words of OCPP are one state of the console. */
function statesOf({ connectors, chargePoints, connected }: Summary): [ConnectorState, number][] {
  const counted = new Map<ConnectorState, number>();
  for (const [status, number] of Object.entries(connectors)) {
    const state = stateOf({ status }, { connected: true });
    counted.set(state, (counted.get(state) ?? 0) + number);
  }
  if (chargePoints > connected) counted.set('offline', chargePoints - connected);
  return [...counted].toSorted(([, a], [, b]) => b - a);
}
