import { Kbd, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useShownName } from '../data/system-name.ts';
import { BoltIcon, HelpIcon, SearchIcon } from '../icons/icons.tsx';
import { pages } from '../pages/pages.ts';
import { ColorSchemeButton } from './color-scheme-button.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { NavCount } from './nav-count.tsx';
import classes from './navigation.module.css';
import { SignedInAs } from './signed-in-as.tsx';

interface NavigationProps {
  openPalette: () => void;
  openHelp: () => void;
}

/** At the side, where there is room for it. */
export function Navigation({ openPalette, openHelp }: NavigationProps) {
  const name = useShownName();
  return (
    <nav className={classes.nav} aria-label="Pages">
      <Link to="/" className={classes.brand}>
        <BoltIcon /> <span className={classes.name}>{name}</span>
      </Link>
      <UnstyledButton className={classes.search} onClick={openPalette}>
        <SearchIcon width="14" height="14" />
        <span>Search</span>
        <Kbd size="xs" className={classes.kbd}>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <ul className={classes.list}>
        {pages.map(({ path, title, nav }) => {
          if (!nav) return null;
          const Icon = nav.icon;
          return (
            <li key={path}>
              <Link to={path} className={classes.link} activeProps={{ 'data-active': true }}>
                <Icon />
                <span className={classes.name}>{title}</span>
                <NavCount nav={nav} />
              </Link>
            </li>
          );
        })}
      </ul>
      <div className={classes.foot}>
        <LiveIndicator />
        <div className={classes.tools}>
          <SignedInAs />
          <ColorSchemeButton />
          <UnstyledButton className={classes.tool} onClick={openHelp} aria-label="Keys" title="Keys (?)">
            <HelpIcon />
          </UnstyledButton>
        </div>
      </div>
    </nav>
  );
}
