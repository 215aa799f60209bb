import { useEffect, useState } from 'react';
import { exactTime, relativeTime, untilNextWord } from '../format/time.ts';

interface RelativeTimeProps {
  /** ISO 8601. */
  at: string | null | undefined;
  /** What stands there when there is no time. */
  none?: string;
}

/** How long ago; exactly, and in the viewer's zone, on hover. */
export function RelativeTime({ at, none = 'never' }: RelativeTimeProps) {
  const time = at === null || at === undefined ? Number.NaN : Date.parse(at);
  const now = useNow(time);
  if (Number.isNaN(time)) return <span className="dim">{none}</span>;
  return (
    <time
      dateTime={new Date(time).toISOString()}
      className="nowrap"
      // Worked out when somebody looks: a long list has many of them.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = exactTime(time);
      }}
    >
      {relativeTime(time, now)}
    </time>
  );
}

/** The present, as often as the words for `at` change with it. */
function useNow(at: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (Number.isNaN(at)) return;
    const timer = setTimeout(() => setNow(Date.now()), untilNextWord(at, now));
    return () => clearTimeout(timer);
  }, [at, now]);
  return now;
}
