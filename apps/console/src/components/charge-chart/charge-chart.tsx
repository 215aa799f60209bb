import { SegmentedControl } from '@mantine/core';
import type { MeterReading } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { TimeChart } from '../time-chart.tsx';
import classes from './charge-chart.module.css';
import { type ChartView, chartOf, viewsOf } from './chart-of-readings.ts';

const words: Readonly<Record<ChartView, string>> = { whole: 'Power', phases: 'Each phase', energy: 'Energy' };

/** A charge over time: power, what was offered and the state of charge; each phase; or the energy. */
export function ChargeChart({ readings, height }: { readings: readonly MeterReading[]; height?: number }) {
  const [chosen, setChosen] = useState<ChartView>('whole');
  const views = useMemo(() => viewsOf(readings), [readings]);
  const view = views.includes(chosen) ? chosen : (views[0] ?? 'whole');
  const chart = useMemo(() => chartOf(readings, view), [readings, view]);
  if (chart.times.length < 2 || chart.series.length === 0)
    return <p className="dim">The charge point has sent too few meter values to draw them.</p>;
  return (
    <div className={classes.chart}>
      {views.length > 1 && (
        <SegmentedControl
          aria-label="What is drawn"
          data={views.map((value) => ({ value, label: words[value] }))}
          value={view}
          onChange={(next) => setChosen(next as ChartView)}
          className={classes.views}
        />
      )}
      <TimeChart label="The charge over time" {...chart} {...(height === undefined ? {} : { height })} />
    </div>
  );
}
