import type { ComponentType } from 'react';
import type { TabProps } from './tab-props.ts';

/** A tab of a charge point: a folder of its own in here, and a line below. */
export interface ChargePointTab {
  /** In the address: `?tab=messages`. */
  id: string;
  title: string;
  /** Loaded when the tab is first opened. */
  load: () => Promise<{ default: ComponentType<TabProps> }>;
}

/** In their order; the first one is what a link to a charge point shows. */
export const tabs: readonly ChargePointTab[] = [
  { id: 'overview', title: 'Overview', load: () => import('./overview/overview-tab.tsx') },
  { id: 'messages', title: 'Messages', load: () => import('./messages/messages-tab.tsx') },
  { id: 'commands', title: 'Commands', load: () => import('./commands/commands-tab.tsx') },
  { id: 'configuration', title: 'Configuration', load: () => import('./configuration/configuration-tab.tsx') },
  { id: 'transactions', title: 'Transactions', load: () => import('./transactions/transactions-tab.tsx') },
  { id: 'charging', title: 'Charging profiles', load: () => import('./charging/charging-tab.tsx') },
  { id: 'jobs', title: 'Firmware and diagnostics', load: () => import('./jobs/jobs-tab.tsx') },
  { id: 'security', title: 'Security', load: () => import('./security/security-tab.tsx') },
  { id: 'history', title: 'History', load: () => import('./history/history-tab.tsx') },
];
