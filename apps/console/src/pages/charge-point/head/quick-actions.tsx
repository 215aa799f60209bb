import { Button, Menu } from '@mantine/core';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { type QuickAction, quickActions } from '../../../commands/quick-actions.ts';
import { useCommand } from '../../../commands/use-command.tsx';
import { CommandButton } from '../../../components/command-button.tsx';
import { ConfirmAction } from '../../../components/confirm-action.tsx';
import { useMayNot } from '../../../data/session.ts';
import { ChevronDownIcon } from '../../../icons/icons.tsx';
import { usePaletteActions } from '../../../shell/palette/palette-actions.tsx';
import { offlineReason } from './connector-tile.tsx';

/** What is done most; the rest is behind a menu, and all of it in the palette. */
export function QuickActions({ chargePoint }: { chargePoint: ChargePoint }) {
  const [asking, setAsking] = useState<QuickAction>();
  const { networkId, name, connection } = chargePoint;
  const { send } = useCommand(networkId, name);
  const version = versionOf(connection);
  const roleMayNot = useMayNot('operator');
  const mayNot = roleMayNot ?? (connection.connected ? undefined : offlineReason);
  const [first, ...others] = quickActions;

  const offered = useMemo(
    () =>
      mayNot !== undefined
        ? []
        : quickActions.map((action) => ({
            id: `${networkId} ${action.id}`,
            label: action.label,
            detail: name,
            run: () =>
              action.consequence === undefined ? send(action.content(version), action.label) : setAsking(action),
          })),
    [mayNot, name, networkId, send, version],
  );
  usePaletteActions(offered);

  return (
    <>
      {first && (
        <CommandButton
          chargePoint={chargePoint}
          label={first.label}
          content={first.content(version)}
          mayNot={connection.connected ? undefined : offlineReason}
        />
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<ChevronDownIcon width="12" height="12" />}>
            More actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayNot !== undefined && <Menu.Label maw={280}>{mayNot}</Menu.Label>}
          {others.map((action) => (
            <Menu.Item
              key={action.id}
              disabled={mayNot !== undefined}
              onClick={() =>
                action.consequence === undefined ? send(action.content(version), action.label) : setAsking(action)
              }
            >
              {action.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ConfirmAction
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking?.question(name) ?? ''}
        consequence={asking?.consequence ?? ''}
        verb={asking?.label ?? ''}
        onConfirm={() => {
          if (asking) send(asking.content(version), asking.label);
          setAsking(undefined);
        }}
      />
    </>
  );
}
