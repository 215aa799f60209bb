import { MessagesIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const messagesPage: PageDefinition = {
  path: '/messages',
  title: 'Messages',
  load: () => import('./messages-page.tsx'),
  nav: { icon: MessagesIcon, key: 'm', onPhone: true },
};
