import { Outlet, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { ChargePointCard } from './charge-point-card.tsx';
import { KeyHelp } from './key-help.tsx';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette/palette.tsx';
import { PaletteActions } from './palette/palette-actions.tsx';
import { PhoneBar } from './phone-bar.tsx';
import classes from './shell.module.css';
import { useGlobalKeys } from './use-global-keys.ts';

/** What is around every page. */
export function Shell() {
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const openPalette = () => setIsPaletteOpen(true);
  const openHelp = () => setIsHelpOpen(true);
  useGlobalKeys({ openPalette, openHelp });
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <PaletteActions>
      <a className={classes.skip} href="#page">
        To the content
      </a>
      <div className={classes.shell}>
        <Navigation openPalette={openPalette} openHelp={openHelp} />
        <main id="page" className={classes.page} tabIndex={-1} data-path={path}>
          <Outlet />
        </main>
        <PhoneBar openPalette={openPalette} openHelp={openHelp} />
      </div>
      <Palette opened={isPaletteOpen} onClose={() => setIsPaletteOpen(false)} openHelp={openHelp} />
      <ChargePointCard />
      <KeyHelp opened={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </PaletteActions>
  );
}
