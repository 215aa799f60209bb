import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { WarningIcon } from '../../../icons/icons.tsx';
import classes from './configuration-tab.module.css';

/** What is to be known of it beside its value. */
export function ValueNotes({ item }: { item: ConfigurationItem }) {
  return (
    <span className={classes.notes}>
      {item.drift && (
        <span>
          <WarningIcon width="12" height="12" /> not as wanted
        </span>
      )}
      {item.rebootRequired && (
        <span>
          <WarningIcon width="12" height="12" /> holds after a restart
        </span>
      )}
      {item.readOnly && <span className="dim">read-only</span>}
      {item.source === 'written' && <span className="dim">as it was set</span>}
    </span>
  );
}

/** What is to be known of those that are held together, also while they are folded. */
export function BranchNotes({ items }: { items: readonly ConfigurationItem[] }) {
  const drifted = items.filter(({ drift }) => drift === true).length;
  const waiting = items.filter(({ rebootRequired }) => rebootRequired === true).length;
  return (
    <span className={classes.notes}>
      {drifted > 0 && (
        <span>
          <WarningIcon width="12" height="12" /> {drifted} not as wanted
        </span>
      )}
      {waiting > 0 && (
        <span>
          <WarningIcon width="12" height="12" /> {waiting} after a restart
        </span>
      )}
    </span>
  );
}
