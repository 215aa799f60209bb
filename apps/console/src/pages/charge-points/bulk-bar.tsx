import { Button, Menu, Tooltip } from '@mantine/core';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type QuickAction, quickActions } from '../../commands/quick-actions.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { useMayNot } from '../../data/session.ts';
import { targetsHash } from '../../data/targets-codec.ts';
import { CommandIcon, CrossIcon } from '../../icons/icons.tsx';
import classes from './bulk-bar.module.css';
import { BulkCommand } from './bulk-command.tsx';
import { BulkTags } from './bulk-tags.tsx';
import { BulkTemplate } from './bulk-template.tsx';

/** What can be done with those that are selected. */
export function BulkBar({ chosen, clear }: { chosen: readonly ChargePoint[]; clear: () => void }) {
  const [action, setAction] = useState<QuickAction>();
  const [changing, setChanging] = useState<'tags' | 'template'>();
  const close = () => setChanging(undefined);
  const mayNot = useMayNot('operator');
  const navigate = useNavigate();
  return (
    <div className={classes.bar} role="region" aria-label="What is selected">
      <strong>{chosen.length} selected</strong>
      <Menu position="top-start" disabled={mayNot !== undefined}>
        <Menu.Target>
          <Tooltip label={mayNot} disabled={mayNot === undefined}>
            <Button
              leftSection={<CommandIcon width="14" height="14" />}
              aria-disabled={mayNot !== undefined}
              data-disabled={mayNot !== undefined || undefined}
              aria-description={mayNot}
            >
              Command
            </Button>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {quickActions.map((one) => (
            <Menu.Item key={one.id} onClick={() => setAction(one)}>
              {one.label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            onClick={() => navigate({ to: '/commands', hash: targetsHash(chosen.map(({ networkId }) => networkId)) })}
          >
            Another command …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionButton needs="operator" onClick={() => setChanging('template')}>
        Template
      </ActionButton>
      <ActionButton needs="operator" onClick={() => setChanging('tags')}>
        Tags
      </ActionButton>
      <Button variant="subtle" color="gray" leftSection={<CrossIcon width="12" height="12" />} onClick={clear}>
        Select none
      </Button>
      {changing === 'tags' && <BulkTags chosen={chosen} onClose={close} />}
      {changing === 'template' && <BulkTemplate chosen={chosen} onClose={close} />}
      {action && <BulkCommand action={action} chosen={chosen} onClose={() => setAction(undefined)} />}
    </div>
  );
}
