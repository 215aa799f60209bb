import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { TimeChartProps } from './time-chart-canvas.tsx';

const Canvas = lazy(() => import('./time-chart-canvas.tsx'));

export const chartHeight = 220;

/** Something over time: drag to zoom, double-click to see all again, the values under the pointer above the chart. Loaded when first shown. */
export function TimeChart(props: TimeChartProps) {
  return (
    <Suspense fallback={<Skeleton height={chartHeight} />}>
      <Canvas {...props} />
    </Suspense>
  );
}
