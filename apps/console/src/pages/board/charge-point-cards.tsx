import { Skeleton } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { ChargePoint, Charging } from '@ocpp-csms/api-client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ConnectorPills } from '../../components/connector-pills.tsx';
import { Figure } from '../../components/figure.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useChargePoints } from '../../data/charge-points.ts';
import { useChargingAt } from '../../data/charging.ts';
import { energy, power } from '../../format/quantity.ts';
import classes from './charge-point-cards.module.css';

const narrowest = 230;
const cardHeight = 92;
const gap = 8;
const everything = {};

/** A card for each charge point: any number, of which those are drawn that are seen. */
export function ChargePointCards() {
  const list = useChargePoints(everything);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const online = useMemo(
    () =>
      rows
        .filter(({ connection }) => connection.connected)
        .map(({ networkId }) => networkId)
        .toSorted(),
    [rows],
  );
  const { data: charging } = useChargingAt(online);
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const across = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  const virtualizer = useVirtualizer({
    count: Math.ceil(rows.length / across),
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight + gap,
    overscan: 4,
  });
  const drawn = virtualizer.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && (last + 4) * across >= rows.length) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, across, rows.length]);

  return (
    <section aria-label="Charge points" className={classes.section}>
      <h2>Charge points</h2>
      {list.error && (
        <ProblemAlert error={list.error} what="The charge points could not be read" onRetry={() => list.refetch()} />
      )}
      {list.isPending && <Skeleton height={cardHeight} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label="Charge points, scrollable">
        <div ref={measured} className={classes.space} style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map(({ index, key, start }) => (
            <div
              key={key}
              className={classes.row}
              style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}
            >
              {rows.slice(index * across, (index + 1) * across).map((chargePoint) => (
                <Card
                  key={chargePoint.networkId}
                  chargePoint={chargePoint}
                  charging={charging?.get(chargePoint.networkId)}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

function Card({ chargePoint, charging = [] }: { chargePoint: ChargePoint; charging: readonly Charging[] | undefined }) {
  const { networkId, name, connection } = chargePoint;
  const drawn = charging.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
  const charged = charging.flatMap(({ energyWh }) => (energyWh === null ? [] : [energyWh]));
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.line}>
        <ChargePointLink networkId={networkId} name={name} />
        {drawn.length > 0 && <Figure {...power(sumOf(drawn))} />}
      </div>
      <ConnectorPills chargePoint={chargePoint} charging={charging} />
      <div className={`${classes.line} dim`}>
        {charged.length > 0 ? <Figure {...energy(sumOf(charged))} /> : <span />}
        <RelativeTime at={connection.lastSeenAt} />
      </div>
    </article>
  );
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
