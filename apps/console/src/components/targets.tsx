import { Button, Select, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { api } from '../data/api.ts';
import { useFoundChargePoints, useSummary } from '../data/charge-points.ts';
import classes from './targets.module.css';

interface TargetsProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** The API takes so many at once. */
const mostAtOnce = 1000;
const typingMs = 250;

/** To whom: by identity, as they are typed, or all that have a tag, or all that are connected. */
export function Targets({ chosen, onChange }: TargetsProps) {
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, typingMs);
  const { data: found } = useFoundChargePoints(asked);
  const { data: summary } = useSummary();
  const [isAdding, setIsAdding] = useState(false);
  const tags = Object.keys(summary?.tags ?? {});

  async function addAll(query: { tag?: string; connected?: boolean }): Promise<void> {
    setIsAdding(true);
    try {
      const all = new Set(chosen);
      for await (const { networkId } of api.each('/device-manager/charge-points', {
        query: { ...query, limit: 500 },
      })) {
        if (all.size >= mostAtOnce) break;
        all.add(networkId);
      }
      onChange([...all]);
      if (all.size >= mostAtOnce)
        notifications.show({ title: 'To the first 1,000', message: 'More are not sent to at once.' });
    } catch (error) {
      notifications.show({ color: 'red', title: 'They could not be read', message: String(error) });
    } finally {
      setIsAdding(false);
    }
  }

  return (
    <div className={classes.targets}>
      <TagsInput
        label={chosen.length > 1 ? `To ${chosen.length} charge points` : 'To'}
        placeholder={chosen.length === 0 ? 'Identity of a charge point' : ''}
        data={found?.items.map(({ networkId }) => networkId) ?? []}
        value={[...chosen]}
        onChange={onChange}
        searchValue={text}
        onSearchChange={setText}
        maxTags={mostAtOnce}
        clearable
        size="xs"
        styles={{ pillsList: { maxHeight: 120, overflow: 'auto' } }}
      />
      <div className={classes.all}>
        <Button variant="default" loading={isAdding} onClick={() => addAll({ connected: true })}>
          All that are connected
        </Button>
        {tags.length > 0 && (
          <Select
            aria-label="All that have a tag"
            placeholder="All with the tag …"
            data={tags}
            value={null}
            onChange={(tag) => tag !== null && addAll({ tag })}
            searchable
            w={170}
          />
        )}
      </div>
    </div>
  );
}
