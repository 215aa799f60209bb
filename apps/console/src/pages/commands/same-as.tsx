import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { asCli, asCurl } from '../../commands/same-as.ts';
import { Copyable } from '../../components/copyable.tsx';
import type { CommandToMany } from '../../data/commands.ts';
import classes from './send-command.module.css';

/** The same from a terminal. */
export function SameAs({ command }: { command: CommandToMany }) {
  const [how, setHow] = useState('curl');
  const text = { ...command, origin: window.location.origin };
  const written = how === 'curl' ? asCurl(text) : asCli(text);
  return (
    <div className={classes.column}>
      <div className={classes.chips}>
        <SegmentedControl
          aria-label="The same from a terminal"
          data={[
            { value: 'curl', label: 'curl' },
            { value: 'cli', label: 'ocpp-csms' },
          ]}
          value={how}
          onChange={setHow}
        />
        <Copyable text={written} what="the command for a terminal">
          copy
        </Copyable>
      </div>
      <pre className={classes.code}>{written}</pre>
    </div>
  );
}
