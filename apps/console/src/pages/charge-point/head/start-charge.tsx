import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { startContent } from '../../../commands/quick-actions.ts';
import { useCommand } from '../../../commands/use-command.tsx';
import { outletName } from '../../../components/connector-pills.tsx';

interface StartChargeProps {
  opened: boolean;
  onClose: () => void;
  chargePoint: ChargePoint;
  connector: ChargePoint['connectors'][number];
}

const longestToken16 = 20;
const longestToken2 = 36;

/** A number that this charge point is not likely to have been told before. */
const newRemoteStartId = () => Math.floor(Math.random() * 2_000_000_000) + 1;

/** For whom? The card that was used last is offered again. */
export function StartCharge({ opened, onClose, chargePoint, connector }: StartChargeProps) {
  const [last, setLast] = useLocalStorage({ key: 'csms-last-start-token', defaultValue: '' });
  const [typed, setTyped] = useState<string>();
  const { send, isPending } = useCommand(chargePoint.networkId, chargePoint.name);
  const version = versionOf(chargePoint.connection);
  const idToken = (typed ?? last).trim();

  function start(): void {
    setLast(idToken);
    onClose();
    send(startContent(version, { ...connector, idToken, remoteStartId: newRemoteStartId() }), 'Start charge');
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Start a charge at connector ${outletName(connector)} of ${chargePoint.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <TextInput
          label="Card or account"
          description="The id token that it is charged to. It must be known and accepted here."
          value={typed ?? last}
          onChange={(event) => setTyped(event.currentTarget.value)}
          maxLength={version === 'ocpp1.6' ? longestToken16 : longestToken2}
          required
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={idToken === ''} loading={isPending}>
            Start charge
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
