import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { versionOf } from '../../commands/commands-for.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useChargePoint } from '../../data/charge-points.ts';
import { useReserve } from '../../data/reservations.ts';
import { localDateTime } from '../../format/time.ts';
import classes from './reservations-page.module.css';

const hourMs = 3_600_000;

export function ReserveForm({ chargePoint, onClose }: { chargePoint: string | undefined; onClose: () => void }) {
  const [networkId, setNetworkId] = useState(chargePoint ?? '');
  const [outlet, setOutlet] = useState<number | string>('');
  const [idToken, setIdToken] = useState('');
  const [until, setUntil] = useState(() => localDateTime(new Date(Date.now() + hourMs).toISOString()));
  const { data: known } = useChargePoint(networkId, networkId !== '');
  const { mutate, isPending, error } = useReserve();
  const is16 = known === undefined || versionOf(known.connection) === 'ocpp1.6';
  const place = () => {
    if (is16) return { connectorId: Number(outlet) || 0 };
    return outlet === '' ? {} : { evseId: Number(outlet) };
  };
  return (
    <Modal opened onClose={onClose} title="Reserve a connector" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const expiresAt = new Date(until).toISOString();
          mutate({ chargePointId: networkId, idToken: idToken.trim(), expiresAt, ...place() }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label="Charge point"
          description="Its identity."
          value={networkId}
          onChange={(event) => setNetworkId(event.currentTarget.value.trim())}
          required
          data-autofocus
        />
        <NumberInput
          label={is16 ? 'Connector' : 'EVSE'}
          description="Empty: any that is free, where the charge point can do that."
          value={outlet}
          onChange={setOutlet}
          min={0}
          allowDecimal={false}
          size="xs"
        />
        <TextInput
          label="For the id token"
          value={idToken}
          onChange={(event) => setIdToken(event.currentTarget.value)}
          required
        />
        <TextInput
          label="Until"
          type="datetime-local"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
          required
        />
        {error && <ProblemAlert error={error} what="It was not reserved" />}
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            Reserve
          </Button>
        </div>
      </form>
    </Modal>
  );
}
