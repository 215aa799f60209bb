import { Button, Skeleton, Tabs } from '@mantine/core';
import { ApiProblem } from '@ocpp-csms/api-client';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import tabClasses from '../../components/page-tabs.module.css';
import { useTabInSight } from '../../components/page-tabs.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useChargePoint } from '../../data/charge-points.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import classes from './charge-point-page.module.css';
import { ChargePointHead } from './head/charge-point-head.tsx';
import { type ChargePointTab, tabs } from './tabs.ts';

const kinds = { tab: 'text' } as const;

/** One charge point: how it is, what can be done with it, and a tab for each thing to know of it. */
export default function ChargePointPage() {
  const { id = '' } = useParams({ strict: false });
  const { data: chargePoint, error, refetch } = useChargePoint(id);
  const [filters, setFilters] = useUrlFilters(kinds);
  const tab = tabs.find((one) => one.id === filters.tab) ?? tabs[0];
  const list = useTabInSight(chargePoint && tab?.id);

  if (error instanceof ApiProblem && error.status === 404 && !chargePoint) return <NotRegistered id={id} />;
  if (error && !chargePoint)
    return (
      <div className={classes.wait}>
        <ProblemAlert error={error} what={`${id} could not be read`} onRetry={() => refetch()} />
      </div>
    );
  if (!chargePoint) return <Loading />;
  return (
    <>
      <ChargePointHead chargePoint={chargePoint} />
      <Tabs
        value={tab?.id ?? null}
        onChange={(next) => setFilters({ tab: next === tabs[0]?.id ? undefined : (next ?? undefined) })}
        keepMounted={false}
        className={tabClasses.tabs}
      >
        <Tabs.List ref={list} className={tabClasses.list}>
          {tabs.map(({ id: value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((one) => (
          <Tabs.Panel key={one.id} value={one.id} className={tabClasses.panel}>
            <TabContent tab={one} networkId={chargePoint.networkId} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function TabContent({ tab, networkId }: { tab: ChargePointTab; networkId: string }) {
  const Content = useMemo(() => lazy(tab.load), [tab]);
  return (
    <Suspense fallback={<Loading />}>
      <Content networkId={networkId} />
    </Suspense>
  );
}

function Loading() {
  return (
    <div className={classes.wait} role="status" aria-label="It is being read">
      <Skeleton height={26} width={260} />
      <Skeleton height={18} width="70%" />
      <Skeleton height={120} />
    </div>
  );
}

function NotRegistered({ id }: { id: string }) {
  return (
    <EmptyState title={`There is no charge point ${id}`}>
      It may have been deleted, or it knocked and was refused.
      <Button component={Link} to="/not-connected" variant="default">
        Those that are not connected yet
      </Button>
    </EmptyState>
  );
}
