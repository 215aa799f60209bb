import { useChargePoint } from '../../../data/charge-points.ts';
import type { TabProps } from '../tab-props.ts';
import { ConnectorFacts } from './connector-facts.tsx';
import { LatestCharge } from './latest-charge.tsx';
import classes from './overview-tab.module.css';
import { RecentBoots } from './recent-boots.tsx';
import { RegistrationFacts } from './registration-facts.tsx';

/** The latest charge over time, what the connectors say, and what is known of the charge point. */
export default function OverviewTab({ networkId }: TabProps) {
  const { data: chargePoint } = useChargePoint(networkId);
  return (
    <div className={classes.overview}>
      <div className={classes.wide}>
        <LatestCharge networkId={networkId} />
      </div>
      <ConnectorFacts networkId={networkId} />
      {chargePoint && <RegistrationFacts chargePoint={chargePoint} />}
      <RecentBoots networkId={networkId} />
    </div>
  );
}
