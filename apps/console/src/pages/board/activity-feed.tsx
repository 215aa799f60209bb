import { useState } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { wordsOf } from '../../data/event-words.ts';
import { useLiveEvent } from '../../data/live-events.tsx';
import classes from './activity-feed.module.css';
import { type Activity, useRecentActivity } from './recent-activity.ts';

/** Older than this many is gone from here; the log has it. */
const mostShown = 60;

/** What happens, the newest first, in plain words. */
export function ActivityFeed() {
  const { data: before = [] } = useRecentActivity();
  const [live, setLive] = useState<readonly Activity[]>([]);
  useLiveEvent(({ id, client, messageTime, event, data }) => {
    const words = wordsOf({ event, data });
    if (words === undefined) return;
    setLive((shown) => [{ id, networkId: client, at: messageTime, words }, ...shown].slice(0, mostShown));
  });
  const since = live.at(-1)?.at ?? '';
  const all = [...live, ...before.filter(({ at }) => since === '' || at < since)].slice(0, mostShown);
  return (
    <section aria-label="Activity" className={classes.feed}>
      <h2>Activity</h2>
      {all.length === 0 && <p className="dim">What happens from now on shows up here.</p>}
      <ol className={classes.list}>
        {all.map(({ id, networkId, at, words }) => (
          <li key={id}>
            <ChargePointLink networkId={networkId} /> <span className={classes.words}>{words}</span>{' '}
            <span className="dim">
              <RelativeTime at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
