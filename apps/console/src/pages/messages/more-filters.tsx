import { Button, Popover, Select, TextInput } from '@mantine/core';
import { TypedField } from '../../components/typed-field.tsx';
import { FilterIcon } from '../../icons/icons.tsx';
import classes from './filter-bar.module.css';
import { kinds, type ListFilters, localTime, type SetFilters } from './filters.ts';

interface MoreFiltersProps {
  filters: ListFilters;
  setFilters: SetFilters;
}

/** Those that are needed now and then. */
export function MoreFilters({ filters, setFilters }: MoreFiltersProps) {
  const used = [filters.from, filters.to, filters.msgId, filters.kind].filter((one) => one !== undefined).length;
  return (
    <Popover position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<FilterIcon width="13" height="13" />}>
          {used === 0 ? 'Time, id …' : `Time, id … (${used})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.more}>
          <TimeField label="Not before" value={filters.from} onChange={(from) => setFilters({ from })} />
          <TimeField label="Before" value={filters.to} onChange={(to) => setFilters({ to })} />
          <TypedField
            label="Message id, exactly"
            value={filters.msgId}
            onChange={(msgId) => setFilters({ msgId })}
            isLabelled
          />
          <Select
            label="Kind of message"
            placeholder="Any kind"
            data={kinds}
            value={filters.kind ?? null}
            onChange={(kind) => setFilters({ kind: kind ?? undefined })}
            comboboxProps={{ withinPortal: false }}
            clearable
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TimeFieldProps {
  label: string;
  /** ISO 8601. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** In the viewer's zone. */
function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      value={localTime(value)}
      onChange={({ currentTarget }) => {
        const time = new Date(currentTarget.value);
        onChange(Number.isNaN(time.getTime()) ? undefined : time.toISOString());
      }}
    />
  );
}
