import { TransactionsIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const transactionsPage: PageDefinition = {
  path: '/transactions',
  title: 'Transactions',
  load: () => import('./transactions-page.tsx'),
  nav: { icon: TransactionsIcon, key: 't' },
};
