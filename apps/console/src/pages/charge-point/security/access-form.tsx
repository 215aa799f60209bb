import { PasswordInput, Select, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../../components/action-button.tsx';
import { ConfirmAction } from '../../../components/confirm-action.tsx';
import { useChangeChargePoint } from '../../../data/security.ts';
import classes from './security-tab.module.css';

const profiles = [
  { value: '0', label: '0: no password' },
  { value: '1', label: '1: password' },
  { value: '2', label: '2: password over TLS' },
  { value: '3', label: '3: certificate over TLS' },
];

const registrations = ['Accepted', 'Pending', 'Rejected'] as const;

/** Whether, and with what, it may connect. What is changed here holds for its next connection. */
export function AccessForm({ chargePoint }: { chargePoint: ChargePoint }) {
  const { networkId, name } = chargePoint;
  const [enabled, setEnabled] = useState(chargePoint.enabled);
  const [profile, setProfile] = useState(String(chargePoint.securityProfile));
  const [registration, setRegistration] = useState(chargePoint.registration);
  const [password, setPassword] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const { mutate, isPending, error } = useChangeChargePoint(networkId);
  const save = () =>
    mutate(
      {
        enabled,
        registration,
        securityProfile: Number(profile) as 0 | 1 | 2 | 3,
        ...(password === '' ? {} : { password }),
      },
      {
        onSuccess: () => {
          setIsAsking(false);
          setPassword('');
          notifications.show({ title: name, message: 'It is saved, and holds for its next connection.' });
        },
      },
    );
  return (
    <div className={classes.form}>
      <Switch label="It may connect" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <Select
        label="Security profile"
        data={profiles}
        value={profile}
        onChange={(next) => setProfile(next ?? profile)}
        allowDeselect={false}
      />
      <Select
        label="A boot is answered with"
        data={[...registrations]}
        value={registration}
        onChange={(next) => setRegistration((next ?? registration) as typeof registration)}
        allowDeselect={false}
      />
      <PasswordInput
        label="New password"
        description={`16 to 40 characters. ${chargePoint.hasPassword ? 'One is set, and is never shown.' : 'None is set.'}`}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
      />
      <ActionButton needs="operator" onClick={() => setIsAsking(true)}>
        Save
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Change how ${name} is let in?`}
        consequence={consequenceOf({ enabled, profile, hasPassword: password !== '' })}
        verb="Save"
        onConfirm={save}
        isPending={isPending}
        error={error}
      />
    </div>
  );
}

function consequenceOf({
  enabled,
  profile,
  hasPassword,
}: {
  enabled: boolean;
  profile: string;
  hasPassword: boolean;
}): string {
  if (!enabled) return 'It is not let in from its next connection on, and charges offline as far as it can.';
  if (profile === '0') return 'Whoever knows its identity can connect as it.';
  if (hasPassword)
    return 'At its next connection it must come with the new password: it must be told as well, with a command or at the charger. Until then it is refused.';
  return 'It holds for its next connection.';
}
