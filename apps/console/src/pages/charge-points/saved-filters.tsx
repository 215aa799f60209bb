import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { BookmarkIcon, CrossIcon } from '../../icons/icons.tsx';
import { isFiltered, type PageFilters } from './filters.ts';

interface SavedFilter {
  name: string;
  filters: PageFilters;
}

const mostSaved = 30;

/** Filters under a name, on this device. To others they go as a link: all is in the address. */
export function SavedFilters({ filters, choose }: { filters: PageFilters; choose: (filters: PageFilters) => void }) {
  const [saved, setSaved] = useLocalStorage<SavedFilter[]>({
    key: 'csms-saved-charge-point-filters',
    defaultValue: [],
  });
  const [isNaming, setIsNaming] = useState(false);
  const [name, setName] = useState('');
  if (saved.length === 0 && !isFiltered(filters)) return null;

  function save(): void {
    const others = saved.filter((one) => one.name !== name.trim());
    setSaved([...others, { name: name.trim(), filters }].slice(-mostSaved));
    setIsNaming(false);
    setName('');
  }

  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="subtle" color="gray" leftSection={<BookmarkIcon width="14" height="14" />}>
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {saved.map((one) => (
            <Menu.Item key={one.name} onClick={() => choose(one.filters)}>
              {one.name}
            </Menu.Item>
          ))}
          {saved.length > 0 && <Menu.Divider />}
          <Menu.Item disabled={!isFiltered(filters)} onClick={() => setIsNaming(true)}>
            Save this filter …
          </Menu.Item>
          {saved.map((one) => (
            <Menu.Item
              key={`forget ${one.name}`}
              leftSection={<CrossIcon width="12" height="12" />}
              onClick={() => setSaved(saved.filter((other) => other !== one))}
            >
              Forget “{one.name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isNaming}
        onClose={() => setIsNaming(false)}
        title="Save this filter"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={60}
            required
            data-autofocus
          />
          <Button type="submit" mt="md" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      </Modal>
    </>
  );
}
