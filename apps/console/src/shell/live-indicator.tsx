import { Tooltip } from '@mantine/core';
import { type LiveState, useLiveState } from '../data/live-events.tsx';
import classes from './live-indicator.module.css';

/** Whether what is shown is how it is. */
export function LiveIndicator() {
  const live = useLiveState();
  const { word, explanation } = words(live);
  return (
    <Tooltip label={explanation}>
      <div className={classes.indicator} data-state={live.state} role="status">
        <span className={classes.dot} />
        {word}
      </div>
    </Tooltip>
  );
}

function words(live: LiveState): { word: string; explanation: string } {
  switch (live.state) {
    case 'live':
      return { word: 'Live', explanation: 'What happens is shown as it happens.' };
    case 'connecting':
      return { word: 'Connecting …', explanation: 'Asking the system for what happens.' };
    case 'resting':
      return { word: 'Resting', explanation: 'Nobody looked at this page for a while; it goes on when it is shown.' };
    case 'waiting':
      return {
        word: 'Not live, trying again',
        explanation: `${live.detail} What is shown may be old. It is tried again by itself.`,
      };
    case 'off':
      return { word: 'Not live', explanation: `${live.detail} What is shown is as it was when it was read.` };
  }
}
