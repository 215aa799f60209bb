import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from './data/filter-codec.ts';
import { pages } from './pages/pages.ts';
import { NotFound } from './shell/not-found.tsx';
import { PageError } from './shell/page-error.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: pages[0]?.path ?? '/', replace: true });
  },
});

/** The link that the start printed: by now it has signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true });
  },
});

export function createConsoleRouter() {
  const routes = pages.map(({ path, load }) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) }),
  );
  return createRouter({
    routeTree: root.addChildren([home, signedIn, ...routes]),
    parseSearch,
    stringifySearch,
    defaultErrorComponent: PageError,
    // Its code is there before the click.
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
