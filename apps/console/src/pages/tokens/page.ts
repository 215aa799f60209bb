import { TokenIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const tokensPage: PageDefinition = {
  path: '/tokens',
  title: 'Id tokens',
  load: () => import('./tokens-page.tsx'),
  nav: { icon: TokenIcon, key: 'i' },
};
