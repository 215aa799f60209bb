import { Drawer, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { HelpIcon, MoreIcon, SearchIcon } from '../icons/icons.tsx';
import { pages } from '../pages/pages.ts';
import { ColorSchemeButton } from './color-scheme-button.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { NavCount } from './nav-count.tsx';
import navigation from './navigation.module.css';
import classes from './phone-bar.module.css';
import { SignedInAs } from './signed-in-as.tsx';

interface PhoneBarProps {
  openPalette: () => void;
  openHelp: () => void;
}

/** At the bottom, within reach of a thumb. */
export function PhoneBar({ openPalette, openHelp }: PhoneBarProps) {
  const [isMoreOpen, setIsMoreOpen] = useState(false);
  const close = () => setIsMoreOpen(false);
  return (
    <>
      <nav className={classes.bar} aria-label="Pages">
        {pages.map(({ path, title, nav }) => {
          if (!nav?.onPhone) return null;
          const Icon = nav.icon;
          return (
            <Link key={path} to={path} className={classes.item} activeProps={{ 'data-active': true }}>
              <span className={classes.icon}>
                <Icon width="20" height="20" />
                <span className={classes.count}>
                  <NavCount nav={nav} />
                </span>
              </span>
              {nav.short ?? title}
            </Link>
          );
        })}
        <UnstyledButton className={classes.item} onClick={openPalette}>
          <SearchIcon width="20" height="20" />
          Search
        </UnstyledButton>
        <UnstyledButton className={classes.item} onClick={() => setIsMoreOpen(true)}>
          <MoreIcon width="20" height="20" />
          More
        </UnstyledButton>
      </nav>
      <Drawer
        opened={isMoreOpen}
        onClose={close}
        position="bottom"
        size="auto"
        title="More"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ul className={navigation.list}>
          {pages.map(({ path, title, nav }) => {
            if (!nav) return null;
            const Icon = nav.icon;
            return (
              <li key={path}>
                <Link to={path} className={classes.row} onClick={close}>
                  <Icon width="18" height="18" /> {title} <NavCount nav={nav} />
                </Link>
              </li>
            );
          })}
          <li>
            <UnstyledButton
              className={classes.row}
              onClick={() => {
                close();
                openHelp();
              }}
            >
              <HelpIcon width="18" height="18" /> Keys and signs
            </UnstyledButton>
          </li>
        </ul>
        <div className={classes.foot}>
          <SignedInAs />
          <LiveIndicator />
          <ColorSchemeButton />
        </div>
      </Drawer>
    </>
  );
}
