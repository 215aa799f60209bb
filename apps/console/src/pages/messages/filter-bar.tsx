import { Autocomplete, Button, Checkbox, SegmentedControl, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { TypedField } from '../../components/typed-field.tsx';
import { useFoundChargePoints } from '../../data/charge-points.ts';
import type { MessageFilters } from '../../data/messages.ts';
import { SearchIcon } from '../../icons/icons.tsx';
import { ExportButton } from './export-button.tsx';
import classes from './filter-bar.module.css';
import { isFiltered, type ListFilters, type SetFilters } from './filters.ts';
import { MoreFilters } from './more-filters.tsx';
import { TailButton } from './tail-button.tsx';
import type { Tail } from './use-tail.ts';

interface FilterBarProps {
  filters: ListFilters;
  setFilters: SetFilters;
  clear: () => void;
  /** The same in the words of the API. */
  asked: MessageFilters;
  withChargePoint: boolean;
  tail: Tail;
}

export function FilterBar({ filters, setFilters, clear, asked, withChargePoint, tail }: FilterBarProps) {
  return (
    <div className={classes.bar} data-in-tab={!withChargePoint || undefined}>
      <div className={classes.filters} role="group" aria-label="Filters">
        <TypedField
          label="Filter by text in the content, the answer or the raw frame"
          placeholder="Text in the message"
          icon={<SearchIcon width="14" height="14" />}
          value={filters.q}
          onChange={(q) => setFilters({ q })}
          width={160}
          isPageFilter
        />
        {withChargePoint && <ClientField value={filters.client} onChange={(client) => setFilters({ client })} />}
        <TypedField
          label="Filter by action, such as StatusNotification"
          placeholder="Action, exactly"
          value={filters.action}
          onChange={(action) => setFilters({ action })}
          width={140}
        />
        <SegmentedControl
          aria-label="Who spoke"
          data={[
            { value: '', label: 'Both' },
            { value: 'client', label: 'Charger' },
            { value: 'server', label: 'CSMS' },
          ]}
          value={filters.by ?? ''}
          onChange={(by) => setFilters({ by })}
        />
        <Checkbox
          label="Errors"
          checked={filters.errors ?? false}
          onChange={(event) => setFilters({ errors: event.currentTarget.checked || undefined })}
        />
        <Checkbox
          label="Deviations"
          checked={filters.deviations ?? false}
          onChange={(event) => setFilters({ deviations: event.currentTarget.checked || undefined })}
        />
        <SlowField value={filters.slow} onChange={(slow) => setFilters({ slow })} />
        <MoreFilters filters={filters} setFilters={setFilters} />
        {isFiltered(filters) && (
          <Button variant="subtle" color="gray" onClick={clear}>
            Clear
          </Button>
        )}
      </div>
      <div className={classes.actions}>
        <ExportButton filters={asked} />
        <TailButton tail={tail} />
      </div>
    </div>
  );
}

interface FieldProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

const typingMs = 250;

function ClientField({ value = '', onChange }: FieldProps) {
  const [text, setText] = useState(value);
  const [from, setFrom] = useState(value);
  // Changed in the address, by a link or by Clear.
  if (from !== value) {
    setFrom(value);
    setText(value);
  }
  const [query] = useDebouncedValue(text.trim(), typingMs);
  const { data } = useFoundChargePoints(query);
  const choose = (next: string) => onChange(next.trim() === '' ? undefined : next.trim());
  return (
    <Autocomplete
      aria-label="Filter by charge point"
      placeholder="Charge point"
      size="xs"
      w={140}
      value={text}
      data={[...new Set(data?.items.map(({ networkId }) => networkId))]}
      filter={({ options }) => options}
      onChange={(next) => {
        setText(next);
        if (next === '') choose('');
      }}
      onOptionSubmit={choose}
      onBlur={() => choose(text)}
      onKeyDown={(event) => event.key === 'Enter' && choose(text)}
    />
  );
}

const latencies = [
  { value: '100', label: 'took 100 ms or more' },
  { value: '1000', label: 'took 1 s or more' },
  { value: '5000', label: 'took 5 s or more' },
  { value: '30000', label: 'took 30 s or more' },
];

function SlowField({ value, onChange }: FieldProps) {
  const isListed = value === undefined || latencies.some((one) => one.value === value);
  return (
    <Select
      aria-label="How long the answer took"
      placeholder="Any latency"
      data={isListed ? latencies : [...latencies, { value, label: `took ${value} ms or more` }]}
      value={value ?? null}
      onChange={(slow) => onChange(slow ?? undefined)}
      clearable
      w={150}
    />
  );
}
