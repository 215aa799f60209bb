import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSignIn } from '../../data/session.ts';
import { BoltIcon } from '../../icons/icons.tsx';
import classes from './sign-in-page.module.css';

export function SignInPage({ linkError }: { linkError: Error | null }) {
  useDocumentTitle('Sign in · ocpp-csms');
  const [key, setKey] = useState('');
  const [remember, setRemember] = useState(false);
  const { mutate, isPending, error } = useSignIn();
  return (
    <main className={classes.page}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ key: key.trim(), remember });
        }}
      >
        <h1 className={classes.title}>
          <BoltIcon width="20" height="20" /> ocpp-csms
        </h1>
        {linkError && !error && <ProblemAlert error={linkError} what="The link did not sign you in" />}
        <PasswordInput
          label="API key"
          description="The admin key is in the file admin.key in the data folder of the system."
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus
          required
        />
        <Checkbox
          label="Stay signed in on this device for 30 days"
          checked={remember}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
        {error && <ProblemAlert error={error} what="You are not signed in" />}
        <Button type="submit" size="sm" loading={isPending} disabled={key.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
