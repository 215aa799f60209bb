import type { ComponentType, SVGProps } from 'react';

/** What a page tells the shell of itself. One folder in `pages/`, one line in `pages/pages.ts`. */
export interface PageDefinition {
  /** As the router has it: `/charge-points/$id`. The first step must be none of those of the API (packages/http/src/console/page-request.ts). */
  path: string;
  title: string;
  /** Loaded when the page is first opened. */
  load: () => Promise<{ default: ComponentType }>;
  /** Its place in the navigation. Without it, the page is reached by links alone. */
  nav?: PageNav;
}

export interface PageNav {
  icon: ComponentType<SVGProps<SVGSVGElement>>;
  /** After `g`. */
  key: string;
  /** On a phone there is room for four; the others are behind "More". */
  onPhone?: boolean;
  /** A short name, where there is little room. */
  short?: string;
  /** A hook: how many wait there for somebody. Zero and undefined show nothing. */
  useCount?: () => number | undefined;
}
