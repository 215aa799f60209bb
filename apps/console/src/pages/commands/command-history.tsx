import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { CommandList } from '../../components/commands/command-list.tsx';
import { Filters } from '../../components/filters.tsx';
import { TabBar } from '../../components/page-tabs.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { commandStatuses, useCommands } from '../../data/commands.ts';
import { useUrlFilters } from '../../data/url-filters.ts';

const kinds = { status: 'list', sent: 'text' } as const;

/** What was sent to anybody, the newest first. */
export function CommandHistory() {
  const [{ status = [], sent }, setChosen] = useUrlFilters(kinds);
  const [only] = status;
  const known = commandStatuses.find((one) => one === only);
  const filters = useMemo(
    () => ({ ...(known === undefined ? {} : { status: [known] }), ...(sent === undefined ? {} : { action: sent }) }),
    [known, sent],
  );
  const list = useCommands(filters);
  return (
    <>
      <TabBar>
        <Filters>
          <SearchField
            label="Filter by command, such as Reset"
            placeholder="Command"
            value={sent}
            onChange={(next) => setChosen({ sent: next })}
          />
          <Select
            aria-label="What came of it"
            placeholder="Whatever came of it"
            data={[...commandStatuses]}
            value={known ?? null}
            onChange={(next) => setChosen({ status: next === null ? [] : [next] })}
            clearable
            w={180}
          />
        </Filters>
      </TabBar>
      <CommandList list={list} withChargePoint empty="Nobody has sent a command like that." />
    </>
  );
}
