import { useCallback, useState } from 'react';
import { type LiveFilters, type LiveMessages, nothingHeard, useLiveMessages } from '../../data/messages-live.ts';

export interface Tail {
  live: LiveMessages;
  /** What is shown of it: it stands still while paused, and while somebody reads further down. */
  shown: LiveMessages;
  /** How many came meanwhile. */
  waiting: number;
  isFollowed: boolean;
  isPaused: boolean;
  /** The way back to the newest, when they are out of sight. */
  toTop: (() => void) | undefined;
  setIsPaused(isPaused: boolean): void;
  /** Forgets what came until now. */
  begin(): void;
  leaveTop(back: (() => void) | undefined): void;
}

interface Held {
  /** Of these filters, in this round. */
  of: string;
  live: LiveMessages;
}

/** New messages as they come, as long as that moves nothing from under somebody's eyes. */
export function useTail(filters: LiveFilters | undefined): Tail {
  const [round, setRound] = useState(0);
  const live = useLiveMessages(filters, round);
  const [held, setHeld] = useState<Held>();
  const [isPaused, setIsPaused] = useState(false);
  const [top, setTop] = useState<{ back: () => void }>();
  const leaveTop = useCallback((back: (() => void) | undefined) => setTop(back && { back }), []);

  const isHeld = isPaused || top !== undefined;
  const of = `${round} ${JSON.stringify(filters)}`;
  if (isHeld && held === undefined) setHeld({ of, live });
  if (!isHeld && held !== undefined) setHeld(undefined);
  const shown = isHeld && held ? (held.of === of ? held.live : nothingHeard) : live;
  return {
    live,
    shown,
    waiting: live.heard - shown.heard,
    isFollowed: filters !== undefined,
    isPaused,
    toTop: top?.back,
    setIsPaused,
    begin: () => setRound((before) => before + 1),
    leaveTop,
  };
}
