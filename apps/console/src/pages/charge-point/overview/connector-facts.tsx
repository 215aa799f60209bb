import type { Connector } from '@ocpp-csms/api-client';
import { outletName } from '../../../components/connector-pills.tsx';
import { Facts } from '../../../components/facts.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useConnectors } from '../../../data/charge-points.ts';
import classes from './overview-tab.module.css';

/** What each connector says of itself, in the words of OCPP. */
export function ConnectorFacts({ networkId }: { networkId: string }) {
  const { data, error, refetch } = useConnectors(networkId);
  if (error) return <ProblemAlert error={error} what="The connectors could not be read" onRetry={() => refetch()} />;
  if (!data) return null;
  const whole = data.chargePoint ? [{ name: 'Charge point', ...data.chargePoint }] : [];
  const all = [...whole, ...data.items.map((item) => ({ name: `Connector ${outletName(item)}`, ...item }))];
  return (
    <section className={classes.section}>
      <h2>What it says of itself</h2>
      {all.length === 0 && <p className="dim">It has reported no connector yet. “Ask for status” makes it do so.</p>}
      <Facts facts={all.map(({ name, ...own }) => [name, <Own key={name} {...own} />])} />
    </section>
  );
}

type Said = Pick<
  Connector,
  'status' | 'statusAt' | 'errorCode' | 'info' | 'vendorErrorCode' | 'vendorId' | 'availability'
>;

function Own({ status, statusAt, errorCode, info, vendorErrorCode, vendorId, availability }: Said) {
  return (
    <>
      {status} <span className="dim">since</span> <RelativeTime at={statusAt} />
      {errorCode !== undefined && errorCode !== 'NoError' && (
        <div>
          <strong>{errorCode}</strong>
          {[info, vendorErrorCode, vendorId].filter(Boolean).map((more) => ` · ${more}`)}
        </div>
      )}
      {availability && (
        <div className="dim">
          {availability.operative ? 'put into' : 'taken out of'} service{' '}
          {availability.answer === 'Scheduled' ? 'when the charge has ended, ' : ''}
          <RelativeTime at={availability.at} />
        </div>
      )}
    </>
  );
}
