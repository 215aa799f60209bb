import { UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon } from '../icons/icons.tsx';
import classes from './navigation.module.css';

/** Until somebody chooses, it is as the system of the viewer has it. */
export function useSwitchColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return { next, switchScheme: () => setColorScheme(next) } as const;
}

export function ColorSchemeButton() {
  const { next, switchScheme } = useSwitchColorScheme();
  return (
    <UnstyledButton
      className={classes.tool}
      onClick={switchScheme}
      aria-label={`Show it ${next}`}
      title={`Show it ${next}`}
    >
      {next === 'dark' ? <MoonIcon /> : <SunIcon />}
    </UnstyledButton>
  );
}
