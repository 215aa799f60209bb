import type { TransactionDetail } from '@ocpp-csms/api-client';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../../components/relative-time.tsx';
import classes from './evidence.module.css';

/** The messages that made it: each opens in the log. */
export function Evidence({ transaction }: { transaction: TransactionDetail }) {
  const { evidence, networkId } = transaction;
  return (
    <section>
      <h2>What it rests on</h2>
      <ol className={classes.list}>
        {evidence.map(({ envelopeId, messageType, receivedAt, repeated }) => (
          <li key={envelopeId}>
            <Link to="/messages" search={{ client: networkId, message: envelopeId }}>
              {messageType}
            </Link>
            {repeated && <span className="dim"> said again</span>}
            <span className="dim">
              <RelativeTime at={receivedAt} />
            </span>
          </li>
        ))}
      </ol>
      {evidence.length === 1000 && <p className="dim">The first 1,000.</p>}
    </section>
  );
}
