import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useUrlFilters } from '../data/url-filters.ts';
import classes from './page-tabs.module.css';

export interface PageTab {
  /** In the address: `?view=unknown`. */
  id: string;
  title: ReactNode;
  content: ReactNode;
}

const kinds = { view: 'text' } as const;

/** The parts of a page, of which one is shown; which one is in the address. */
export function PageTabs({ tabs }: { tabs: readonly PageTab[] }) {
  const [{ view }, setChosen] = useUrlFilters(kinds);
  const [first] = tabs;
  const current = tabs.find(({ id }) => id === view) ?? first;
  const list = useTabInSight(current?.id);
  return (
    <Tabs
      value={current?.id ?? null}
      onChange={(next) => setChosen({ view: next === first?.id ? undefined : (next ?? undefined) })}
      keepMounted={false}
      className={classes.tabs}
    >
      <Tabs.List ref={list} className={classes.list}>
        {tabs.map(({ id, title }) => (
          <Tabs.Tab key={id} value={id}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id} className={classes.panel}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** Where not all tabs have room, the one that is shown is in sight. For the list of tabs. */
export function useTabInSight(id: string | undefined) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is to be in sight
  useEffect(() => {
    const tab = list.current?.querySelector('[aria-selected="true"]');
    tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [id]);
  return list;
}

/** Above what a tab lists: its filters. */
export function TabBar({ children }: { children: ReactNode }) {
  return <div className={classes.bar}>{children}</div>;
}
