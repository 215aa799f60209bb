import { Button } from '@mantine/core';
import { PauseIcon, PlayIcon } from '../../icons/icons.tsx';
import type { Tail } from './use-tail.ts';

/** Stops the list and lets it go on; says how many came meanwhile. */
export function TailButton({ tail }: { tail: Tail }) {
  const { isFollowed, isPaused, waiting, toTop, setIsPaused } = tail;
  if (!isFollowed) return null;
  const came = `${waiting.toLocaleString('en')} new`;
  return (
    <>
      {toTop && !isPaused && waiting > 0 && (
        <Button variant="default" onClick={toTop}>
          ↑ {came}
        </Button>
      )}
      <Button
        variant={isPaused ? 'filled' : 'default'}
        leftSection={isPaused ? <PlayIcon width="13" height="13" /> : <PauseIcon width="13" height="13" />}
        onClick={() => setIsPaused(!isPaused)}
      >
        {isPaused ? (waiting > 0 ? `Go on · ${came}` : 'Go on') : 'Pause'}
      </Button>
    </>
  );
}
