import { ApiProblem } from '@ocpp-csms/api-client';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { api } from './api.ts';
import { createEventEffects, type DomainEvent } from './apply-events.ts';

export type LiveState =
  | { state: 'connecting' | 'live' | 'resting' }
  /** Lost; it is tried again. */
  | { state: 'waiting'; detail: string }
  /** Refused for good. */
  | { state: 'off'; detail: string };

type Listener = (event: DomainEvent) => void;

interface Live {
  state: LiveState;
  listeners: Set<Listener>;
}

const LiveContext = createContext<Live>({ state: { state: 'connecting' }, listeners: new Set() });

/** A page that nobody looks at for so long gives its connection back: browsers have six for each system, all tabs together. */
const restAfterMs = 20_000;

/** One connection for the whole console, as long as somebody looks at it. */
export function LiveEvents({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>({ state: 'connecting' });
  const listeners = useRef(new Set<Listener>()).current;
  const place = useRef<Place>({}).current;
  const isLookedAt = useIsLookedAt(restAfterMs);

  useEffect(() => {
    if (!isLookedAt) {
      setState({ state: 'resting' });
      return;
    }
    const abort = new AbortController();
    const effects = createEventEffects(client, (id) =>
      api.get('/device-manager/charge-points/{id}', { params: { id } }),
    );
    void follow(abort.signal, {
      place,
      setState,
      missed: effects.missed,
      apply(event) {
        effects.apply(event);
        for (const listener of listeners) listener(event);
      },
    });
    return () => {
      abort.abort();
      effects.stop();
    };
  }, [client, isLookedAt, listeners, place]);

  return <LiveContext value={{ state, listeners }}>{children}</LiveContext>;
}

/** The last event that this console has seen, so that a pause leaves no gap, as far as the system remembers. */
interface Place {
  lastEventId?: string;
}

interface Follower {
  place: Place;
  setState(state: LiveState): void;
  apply(event: DomainEvent): void;
  missed(): void;
}

async function follow(signal: AbortSignal, { place, setState, apply, missed }: Follower): Promise<void> {
  setState({ state: 'connecting' });
  const resume = place.lastEventId === undefined ? {} : { lastEventId: place.lastEventId };
  let hasWaited = false;
  try {
    const events = api.events('/device-manager/events', {
      signal,
      ...resume,
      onState(stream) {
        if (stream.state === 'waiting') {
          hasWaited = true;
          setState({ state: 'waiting', detail: stream.reason.detail });
          return;
        }
        setState({ state: 'live' });
        // Without an id to go on from, nobody knows what was missed.
        if (hasWaited && place.lastEventId === undefined) missed();
      },
    });
    for await (const { event, data, id } of events) {
      if (id !== undefined) place.lastEventId = id;
      if (event === 'gap') missed();
      else apply(data as DomainEvent);
    }
  } catch (error) {
    if (!signal.aborted) setState({ state: 'off', detail: error instanceof ApiProblem ? error.detail : String(error) });
  }
}

function useIsLookedAt(graceMs: number): boolean {
  const [isLookedAt, setIsLookedAt] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setIsLookedAt(true);
      else timer = setTimeout(() => setIsLookedAt(false), graceMs);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [graceMs]);
  return isLookedAt;
}

export const useLiveState = (): LiveState => useContext(LiveContext).state;

/** Calls `listener` for each event while the component is there. */
export function useLiveEvent(listener: Listener): void {
  const { listeners } = useContext(LiveContext);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const hear: Listener = (event) => latest.current(event);
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }, [listeners]);
}
