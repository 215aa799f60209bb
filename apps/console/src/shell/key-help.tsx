import { Kbd, Modal } from '@mantine/core';
import { StatePill } from '../components/state-pill.tsx';
import { connectorStates } from '../format/connector-state.ts';
import { pages } from '../pages/pages.ts';
import classes from './key-help.module.css';

const general: readonly (readonly [keys: string, what: string])[] = [
  ['Ctrl K', 'Search: pages, charge points, actions'],
  ['/', 'Filter what is listed'],
  ['↓ ↑ or j k', 'From row to row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['Esc', 'Close'],
  ['?', 'This help'],
];

export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const ways = pages.flatMap(({ title, nav }) => (nav ? [[`g ${nav.key}`, title] as const] : []));
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keys and signs"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.columns}>
        <KeyList heading="Everywhere" keys={general} />
        <KeyList heading="To a page" keys={ways} />
      </div>
      <h2 className={classes.heading}>How a connector is</h2>
      <div className={classes.states}>
        {connectorStates.map((state) => (
          <StatePill key={state} state={state} />
        ))}
      </div>
    </Modal>
  );
}

function KeyList({ heading, keys }: { heading: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h2 className={classes.heading}>{heading}</h2>
      <dl className={classes.keys}>
        {keys.map(([combination, what]) => (
          <div key={combination}>
            <dt>
              <Kbd size="xs">{combination}</Kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
