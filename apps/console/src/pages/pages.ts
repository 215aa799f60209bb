import type { PageDefinition } from '../shell/page.ts';
import { boardPage } from './board/page.ts';
import { chargePointPage } from './charge-point/page.ts';
import { chargePointsPage } from './charge-points/page.ts';
import { commandsPage } from './commands/page.ts';
import { configurationPage } from './configuration/page.ts';
import { messagesPage } from './messages/page.ts';
import { notConnectedPage } from './not-connected/page.ts';
import { reservationsPage } from './reservations/page.ts';
import { systemPage } from './system/page.ts';
import { tokensPage } from './tokens/page.ts';
import { transactionPage } from './transaction/page.ts';
import { transactionsPage } from './transactions/page.ts';

/** All pages, in the order of the navigation. The first one is what `/` shows. */
export const pages: readonly PageDefinition[] = [
  boardPage,
  chargePointsPage,
  chargePointPage,
  transactionsPage,
  transactionPage,
  messagesPage,
  commandsPage,
  configurationPage,
  tokensPage,
  reservationsPage,
  notConnectedPage,
  systemPage,
];
