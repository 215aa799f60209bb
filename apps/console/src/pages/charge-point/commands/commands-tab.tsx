import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { ButtonLink } from '../../../components/button-link.tsx';
import { CommandList } from '../../../components/commands/command-list.tsx';
import { Filters } from '../../../components/filters.tsx';
import { TabBar } from '../../../components/page-tabs.tsx';
import { type CommandFilters, commandStatuses, useCommandsOf } from '../../../data/commands.ts';
import { useUrlFilters } from '../../../data/url-filters.ts';
import type { TabProps } from '../tab-props.ts';

const kinds = { status: 'text' } as const;

/** What this charge point was told by operators and by the system, and what came of it. */
export default function CommandsTab({ networkId }: TabProps) {
  const [{ status }, setFilters] = useUrlFilters(kinds);
  const known = commandStatuses.find((one) => one === status);
  const filters = useMemo<CommandFilters>(() => (known === undefined ? {} : { status: known }), [known]);
  const list = useCommandsOf(networkId, filters);
  return (
    <>
      <TabBar>
        <Filters
          end={
            <ButtonLink to="/commands" search={{ to: networkId }}>
              Send another command …
            </ButtonLink>
          }
        >
          <Select
            aria-label="What came of it"
            placeholder="Whatever came of it"
            data={[...commandStatuses]}
            value={known ?? null}
            onChange={(next) => setFilters({ status: next ?? undefined })}
            clearable
            w={180}
          />
        </Filters>
      </TabBar>
      <CommandList
        list={list}
        empty={
          known === undefined
            ? 'Nobody has told this charge point anything yet. The buttons above do.'
            : 'None came to this end.'
        }
      />
    </>
  );
}
