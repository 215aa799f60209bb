import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './time-chart.css';

export interface ChartSeries {
  label: string;
  unit: string;
  /** A CSS variable: `--state-charging`. */
  color: string;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
  /** Filled down to zero. */
  fill?: boolean;
}

export interface TimeChartProps {
  /** For screen readers: what is shown. */
  label: string;
  /** Milliseconds since 1970, rising. */
  times: readonly number[];
  /** Those of one unit share an axis: the first unit has the left one, the second the right one. */
  series: readonly ChartSeries[];
  height?: number;
}

export default function TimeChartCanvas({ label, times, series, height = 220 }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme('light');
  const shape = JSON.stringify(series.map(({ values: _values, ...rest }) => rest));
  const data = useRef<UPlot.AlignedData>([[]]);
  data.current = [times.map((time) => time / 1000), ...series.map(({ values }) => [...values])];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that CSS variables stand for
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new UPlot(optionsFor(JSON.parse(shape), element, height), data.current, element);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape, height, scheme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new values, in the same shape
  useEffect(() => {
    // What somebody has zoomed to stays.
    chart.current?.setData(data.current, isZoomed(chart.current) === false);
  }, [times, series]);

  return <div ref={place} className="time-chart" role="img" aria-label={`${label}. ${summary(series)}`} />;
}

type Shape = Omit<ChartSeries, 'values'>;

function optionsFor(series: readonly Shape[], element: HTMLElement, height: number): UPlot.Options {
  const style = getComputedStyle(element);
  const colorOf = (variable: string) => style.getPropertyValue(variable).trim() || style.color;
  const units = [...new Set(series.map(({ unit }) => unit))];
  const line = { stroke: colorOf('--line'), width: 1 };
  const axis = {
    stroke: colorOf('--ink-3'),
    grid: line,
    ticks: { ...line, size: 4 },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height,
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    legend: { live: true },
    scales: Object.fromEntries(units.map((unit) => [unit, { range: fromZero }])),
    axes: [
      axis,
      ...units.slice(0, 2).map((unit, index) => ({
        ...axis,
        scale: unit,
        side: index === 0 ? 3 : 1,
        size: 58,
        ...(index === 0 ? {} : { grid: { show: false } }),
        values: (_chart: UPlot, values: number[]) => values.map((value) => `${value} ${unit}`),
      })),
    ],
    series: [
      { label: 'Time' },
      ...series.map(({ label, unit, color, fill = false }) => ({
        label,
        scale: unit,
        stroke: colorOf(color),
        width: 1.75,
        spanGaps: true,
        points: { show: false },
        ...(fill ? { fill: `${colorOf(color)}22` } : {}),
        value: (_chart: UPlot, value: number | null) =>
          value === null ? '–' : `${value.toLocaleString('en')} ${unit}`,
      })),
    ],
  };
}

/** From zero, with a little room at the top: a chart that begins elsewhere makes much of little. */
const fromZero: UPlot.Range.Function = (_chart, min, max) => [
  Math.min(0, min ?? 0),
  (max ?? 1) <= 0 ? 1 : (max ?? 1) * 1.08,
];

function isZoomed({ scales, data }: UPlot): boolean {
  const [times] = data;
  const { min, max } = scales.x ?? {};
  return times.length > 1 && (min !== times[0] || max !== times.at(-1));
}

function summary(series: readonly ChartSeries[]): string {
  return series
    .map(({ label, unit, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: no values.`;
      const highest = known.reduce((most, value) => Math.max(most, value));
      return `${label}: now ${known.at(-1)} ${unit}, at most ${highest} ${unit}.`;
    })
    .join(' ');
}
