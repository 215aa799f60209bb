import { Checkbox, Skeleton, useMantineTheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './data-table.module.css';

export interface Column<Row> {
  id: string;
  header: string;
  /** A track of a CSS grid: `160px`, `minmax(120px, 2fr)`. */
  width: string;
  align?: 'end';
  cell: (row: Row) => ReactNode;
}

export interface Selection<Row> {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  /** For screen readers: what the box of this row selects. */
  nameOf: (row: Row) => string;
}

interface DataTableProps<Row> {
  /** For screen readers: what is listed. */
  label: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** A row where there is no room for columns, as on a phone. */
  card: (row: Row) => ReactNode;
  /** Below a row that is open. */
  detail?: (row: Row) => ReactNode;
  /** Which rows are open, by id. */
  open?: ReadonlySet<string>;
  /** Enter, or a click anywhere in the row. */
  onOpen?: (row: Row) => void;
  selection?: Selection<Row>;
  /** Where rows hold others, for screen readers: how deep a row is, and whether those below it are seen. */
  tree?: (row: Row) => { level: number; isExpanded?: boolean };
  /** Told when somebody leaves the first rows, with the way back to them; undefined when they are seen again. */
  onLeaveTop?: (back: (() => void) | undefined) => void;
  isLoading: boolean;
  hasMore: boolean;
  loadMore: () => void;
  /** What stands there when there is nothing, and what to do then. */
  empty: ReactNode;
}

const rowHeight = 37;
const cardHeight = 92;
/** Rows drawn above and below what is seen. */
const overscan = 12;
/** This many rows before the end, more are asked for. */
const ahead = 40;

/** Any number of rows, of which only those are drawn that are seen. Filters and order are the server's. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowId, columns, isLoading, hasMore, loadMore, empty, selection, onLeaveTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const theme = useMantineTheme();
  const isNarrow = useMediaQuery(`(max-width: ${theme.breakpoints.xs})`, undefined, { getInitialValueInEffect: false });
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? cardHeight : rowHeight),
    getItemKey: (index) => rowId(rows[index] as Row),
    overscan,
  });
  const drawn = virtualizer.getVirtualItems();
  const { current, moveTo, onKeyDown } = useRowKeys(props, (index) => virtualizer.scrollToIndex(index));

  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastDrawn >= rows.length - ahead) loadMore();
  }, [hasMore, lastDrawn, loadMore, rows.length]);

  const isAway = (virtualizer.scrollOffset ?? 0) > rowHeight && rows.length > 0;
  useEffect(
    () => onLeaveTop?.(isAway ? () => scroller.current?.scrollTo({ top: 0 }) : undefined),
    [isAway, onLeaveTop],
  );

  if (isLoading) return <LoadingRows label={label} />;
  if (rows.length === 0) return <>{empty}</>;
  const tracks = [selection ? '34px' : '', ...columns.map(({ width }) => width)]
    .filter((track) => track !== '')
    .join(' ');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label={`${label}, scrollable`}>
      <div
        // Rows can be chosen and opened, which those of a plain table cannot be.
        role="treegrid"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        className={classes.table}
        style={{ '--tracks': tracks } as CSSProperties}
        data-narrow={isNarrow || undefined}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} aria-rowindex={1}>
            {selection && (
              <div role="columnheader" className={classes.box}>
                <SelectAll rows={rows} rowId={rowId} selection={selection} />
              </div>
            )}
            {columns.map(({ id, header, align }) => (
              <div key={id} role="columnheader" className={classes.header} data-align={align}>
                {header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map(({ index, key, start }) => (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              role="presentation"
              className={classes.place}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TableRow
                {...props}
                row={rows[index] as Row}
                index={index}
                isCurrent={index === current}
                isNarrow={isNarrow ?? false}
                onFocus={() => moveTo(index, false)}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

interface TableRowProps<Row> extends DataTableProps<Row> {
  row: Row;
  index: number;
  isCurrent: boolean;
  isNarrow: boolean;
  onFocus: () => void;
}

function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, index, isCurrent, isNarrow, rowId, columns, card, detail, open, onOpen, selection, tree, onFocus } =
    props;
  const id = rowId(row);
  const isSelected = selection?.selected.has(id) ?? false;
  const isOpen = open?.has(id) ?? false;
  const place = tree?.(row);
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled by the table */}
      <div
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selection ? isSelected : undefined}
        aria-level={place?.level}
        aria-expanded={detail ? isOpen : place?.isExpanded}
        className={classes.row}
        data-row={index}
        data-selected={isSelected || undefined}
        data-open={isOpen || undefined}
        data-openable={onOpen ? true : undefined}
        tabIndex={isCurrent ? 0 : -1}
        onFocus={onFocus}
        onClick={(event) => !isInteractive(event.target) && !hasSelectedText() && onOpen?.(row)}
      >
        {selection && (
          <div role="cell" className={classes.box}>
            <Checkbox
              aria-label={`Select ${selection.nameOf(row)}`}
              checked={isSelected}
              onChange={() => selection.onChange(toggled(selection.selected, id))}
              tabIndex={-1}
            />
          </div>
        )}
        {isNarrow ? (
          <div role="cell" className={classes.card}>
            {card(row)}
          </div>
        ) : (
          columns.map(({ id: column, align, cell }) => (
            <div key={column} role="cell" className={classes.cell} data-align={align}>
              <DrawnCell draw={cell} row={row} />
            </div>
          ))
        )}
      </div>
      {detail && isOpen && (
        <div role="row" className={classes.detail}>
          <div role="cell">{detail(row)}</div>
        </div>
      )}
    </>
  );
}

/** Drawn anew only when its row or its column is another one: while the table scrolls, neither is. */
const DrawnCell = memo(function DrawnCell({ draw, row }: { draw: (row: never) => ReactNode; row: unknown }) {
  return draw(row as never);
});

function SelectAll<Row>({
  rows,
  rowId,
  selection,
}: Pick<DataTableProps<Row>, 'rows' | 'rowId'> & { selection: Selection<Row> }) {
  const { selected, onChange } = selection;
  const isAll = rows.length > 0 && rows.every((row) => selected.has(rowId(row)));
  return (
    <Checkbox
      aria-label="Select all that are shown"
      checked={isAll}
      indeterminate={selected.size > 0 && !isAll}
      onChange={() => onChange(isAll ? new Set() : new Set(rows.map(rowId)))}
    />
  );
}

/** Up, down, j, k move from row to row; Enter opens, x selects. */
function useRowKeys<Row>({ rows, rowId, onOpen, selection }: DataTableProps<Row>, scrollTo: (index: number) => void) {
  const [current, setCurrent] = useState(0);
  const root = useRef<HTMLElement>(undefined);

  function moveTo(index: number, takeFocus = true): void {
    const place = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(place);
    if (!takeFocus) return;
    scrollTo(place);
    // It may not be drawn before the table has scrolled.
    requestAnimationFrame(() =>
      root.current?.querySelector<HTMLElement>(`[data-row="${place}"]`)?.focus({ preventScroll: true }),
    );
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    root.current = event.currentTarget;
    const isOnRow = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
    if (!isOnRow || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[current];
    const act = actions[event.key];
    if (!act || row === undefined) return;
    event.preventDefault();
    act(row);
  }

  const actions: Record<string, (row: Row) => void> = {
    ArrowDown: () => moveTo(current + 1),
    j: () => moveTo(current + 1),
    ArrowUp: () => moveTo(current - 1),
    k: () => moveTo(current - 1),
    Home: () => moveTo(0),
    End: () => moveTo(rows.length - 1),
    Enter: (row) => onOpen?.(row),
    x: (row) => selection?.onChange(toggled(selection.selected, rowId(row))),
  };

  return { current: Math.min(current, Math.max(0, rows.length - 1)), moveTo, onKeyDown };
}

function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

const isInteractive = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label, [role="button"]') !== null;

const hasSelectedText = (): boolean => (window.getSelection()?.toString() ?? '') !== '';

const loadingRows = Array.from({ length: 10 }, (_, index) => index);

function LoadingRows({ label }: { label: string }) {
  return (
    <div className={classes.loading} role="status" aria-label={`${label} are being read`}>
      {loadingRows.map((index) => (
        <Skeleton key={index} height={18} width={`${90 - (index % 4) * 12}%`} />
      ))}
    </div>
  );
}
