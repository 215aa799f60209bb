import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { pages } from '../pages/pages.ts';

interface GlobalKeys {
  openPalette: () => void;
  openHelp: () => void;
}

/** A second key counts as one with the first for so long. */
const chordMs = 1500;

/** Ctrl-K, `?`, `/`, and `g` with the key of a page. None of them while somebody types. */
export function useGlobalKeys(keys: GlobalKeys): void {
  const navigate = useNavigate();
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    let wentAt = 0;
    function onKeyDown(event: KeyboardEvent): void {
      const { key } = event;
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      if (key === '?') latest.current.openHelp();
      else if (key === '/') focusFilter(event);
      else if (key === 'g') wentAt = Date.now();
      else if (Date.now() - wentAt < chordMs) {
        wentAt = 0;
        const page = pages.find(({ nav }) => nav?.key === key);
        if (page) void navigate({ to: page.path });
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));

const isDialogOpen = (): boolean => document.querySelector('[role="dialog"]') !== null;

/** The filter of a page says of itself that it is one. */
function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLElement>('[data-page-filter]');
  if (!filter) return;
  event.preventDefault();
  filter.focus();
}
