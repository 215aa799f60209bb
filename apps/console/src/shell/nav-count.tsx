import classes from './nav-count.module.css';
import type { PageNav } from './page.ts';

/** How many wait there for somebody. */
export function NavCount({ nav }: { nav: PageNav }) {
  return nav.useCount ? <Count useCount={nav.useCount} /> : null;
}

function Count({ useCount }: { useCount: () => number | undefined }) {
  const count = useCount();
  return count ? <span className={classes.count}>{count > 999 ? '999+' : count}</span> : null;
}
