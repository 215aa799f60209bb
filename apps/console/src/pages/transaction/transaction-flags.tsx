import type { TransactionDetail } from '@ocpp-csms/api-client';
import { WarningIcon } from '../../icons/icons.tsx';
import classes from './transaction-flags.module.css';

/** What makes it doubtful, in words; nothing where nothing does. */
export function TransactionFlags({ transaction }: { transaction: TransactionDetail }) {
  const { flags, disputed, missingSeqNos } = transaction;
  if (flags.length === 0 && missingSeqNos.length === 0) return null;
  return (
    <section className={classes.flags} data-disputed={disputed || undefined}>
      <h2>{disputed ? 'Disputed: look at this before it is billed' : 'To look at'}</h2>
      <ul>
        {flags.map(({ code, words }) => (
          <li key={code}>
            <WarningIcon width="13" height="13" /> {words}
          </li>
        ))}
        {missingSeqNos.length > 0 && (
          <li>
            <WarningIcon width="13" height="13" /> These events have not arrived:{' '}
            {missingSeqNos.slice(0, 20).join(', ')}
            {missingSeqNos.length > 20 && ` and ${missingSeqNos.length - 20} more`}. A charge point sends them later,
            when it was offline.
          </li>
        )}
      </ul>
    </section>
  );
}
