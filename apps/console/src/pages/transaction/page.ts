import type { PageDefinition } from '../../shell/page.ts';

export const transactionPage: PageDefinition = {
  path: '/transactions/$id',
  title: 'Transaction',
  load: () => import('./transaction-page.tsx'),
};
