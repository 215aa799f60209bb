import { RelativeTime } from '../../../components/relative-time.tsx';
import { useBoots } from '../../../data/charge-points.ts';
import classes from './overview-tab.module.css';

/** When it started anew, and why as far as it says. */
export function RecentBoots({ networkId }: { networkId: string }) {
  const { data } = useBoots(networkId);
  if (!data || data.items.length === 0) return null;
  return (
    <section className={classes.section}>
      <h2>Recent boots</h2>
      <dl className={classes.facts}>
        {data.items.map(({ bootId, at, reason, firmwareVersion, expected }) => (
          <div key={bootId}>
            <dt>
              <RelativeTime at={at} />
            </dt>
            <dd>
              {reason ?? (expected ? 'after a reset' : 'without a reset')}
              {firmwareVersion !== null && <span className="dim"> · firmware {firmwareVersion}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
