import { Menu, UnstyledButton } from '@mantine/core';
import { RelativeTime } from '../components/relative-time.tsx';
import { useSession, useSignOut } from '../data/session.ts';
import { SignOutIcon } from '../icons/icons.tsx';
import classes from './signed-in-as.module.css';

/** Who is signed in and with which role; signs out. */
export function SignedInAs() {
  const { data } = useSession();
  const { mutate: signOut } = useSignOut();
  if (!data) return null;
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.who}>
          <span className={classes.name}>{data.name}</span>
          {data.role !== data.name && <span className={classes.role}>{data.role}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {data.name}, role {data.role}
          {data.sessionEndsAt !== null && (
            <div>
              Signed out <RelativeTime at={data.sessionEndsAt} />, unless it is used
            </div>
          )}
        </Menu.Label>
        <Menu.Item leftSection={<SignOutIcon />} onClick={() => signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
