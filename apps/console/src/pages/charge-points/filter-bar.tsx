import { Button, CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { Summary } from '@ocpp-csms/api-client';
import { useEffect, useState } from 'react';
import { FilterChip } from '../../components/filter-chip.tsx';
import { statusesOf } from '../../format/connector-state.ts';
import { SearchIcon } from '../../icons/icons.tsx';
import classes from './filter-bar.module.css';
import { filterStates, isFiltered, type PageFilters, toggleState } from './filters.ts';
import { SavedFilters } from './saved-filters.tsx';

interface FilterBarProps {
  filters: PageFilters;
  setFilters: (change: PageFilters) => void;
  summary: Summary | undefined;
}

const typingMs = 250;
const nothing: PageFilters = {
  q: undefined,
  state: undefined,
  protocol: undefined,
  tag: undefined,
  firmware: undefined,
};

export function FilterBar({ filters, setFilters, summary }: FilterBarProps) {
  const { state: states = [] } = filters;
  const chips = statesToShow(summary, states);
  const toggle = (state: string) => setFilters({ state: toggleState(states, state) });
  return (
    <div className={classes.bar}>
      <SearchField value={filters.q ?? ''} onChange={(q) => setFilters({ q })} />
      <div className={classes.chips} role="group" aria-label="Filter by state">
        {chips.map(({ state, count }) => (
          <FilterChip
            key={state}
            state={state}
            count={count}
            isChosen={states.includes(state)}
            onClick={() => toggle(state)}
          />
        ))}
      </div>
      <Select
        aria-label="Protocol"
        placeholder="Any OCPP"
        data={[
          { value: 'ocpp1.6', label: 'OCPP 1.6' },
          { value: 'ocpp2.0.1', label: 'OCPP 2.0.1' },
          { value: 'ocpp2.1', label: 'OCPP 2.1' },
        ]}
        value={filters.protocol ?? null}
        onChange={(protocol) => setFilters({ protocol: protocol ?? undefined })}
        clearable
        w={124}
      />
      {summary && Object.keys(summary.tags).length > 0 && (
        <Select
          aria-label="Tag"
          placeholder="Any tag"
          data={Object.keys(summary.tags)}
          value={filters.tag ?? null}
          onChange={(tag) => setFilters({ tag: tag ?? undefined })}
          searchable
          clearable
          w={130}
        />
      )}
      {filters.firmware !== undefined && (
        <Button
          variant="default"
          rightSection={<CloseButton component="span" size="xs" aria-hidden />}
          onClick={() => setFilters({ firmware: undefined })}
        >
          Firmware {filters.firmware}
        </Button>
      )}
      {isFiltered(filters) && (
        <Button variant="subtle" color="gray" onClick={() => setFilters(nothing)}>
          Clear
        </Button>
      )}
      <SavedFilters filters={filters} choose={(saved) => setFilters({ ...nothing, ...saved })} />
    </div>
  );
}

/** The field keeps what is typed; the address follows a moment later. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string | undefined) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = useDebouncedCallback((next: string) => onChange(next === '' ? undefined : next), typingMs);
  return (
    <TextInput
      aria-label="Filter by name, identity, serial number, vendor or model"
      placeholder="Name, identity, serial, vendor …"
      leftSection={<SearchIcon width="14" height="14" />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      className={classes.search}
      data-page-filter
    />
  );
}

interface Chip {
  state: string;
  count?: number | undefined;
}

/** Those that there are some of, and those that are chosen. */
function statesToShow(summary: Summary | undefined, chosen: readonly string[]): Chip[] {
  if (!summary) return chosen.map((state) => ({ state }));
  const ofConnectors = filterStates.map((state) => ({
    state,
    count: statusesOf(state).reduce((sum, status) => sum + (summary.connectors[status] ?? 0), 0),
  }));
  const offline = { state: 'offline', count: summary.chargePoints - summary.connected };
  return [...ofConnectors, offline].filter(({ state, count }) => count > 0 || chosen.includes(state));
}
