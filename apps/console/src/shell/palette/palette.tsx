import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { SearchIcon } from '../../icons/icons.tsx';
import classes from './palette.module.css';
import { type PaletteItem, usePaletteItems } from './use-palette-items.ts';

interface PaletteProps {
  opened: boolean;
  onClose: () => void;
  openHelp: () => void;
}

/** Everything by its name: pages, charge points, what can be done. */
export function Palette({ opened, onClose, openHelp }: PaletteProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="12dvh"
      centered={false}
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <PaletteContent onClose={onClose} openHelp={openHelp} />
    </Modal>
  );
}

const typingMs = 120;

function PaletteContent({ onClose, openHelp }: Omit<PaletteProps, 'opened'>) {
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), typingMs);
  const [current, setCurrent] = useState(0);
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const { items, isSearching } = usePaletteItems({
    text: text.trim(),
    query,
    openHelp,
    goTo: (to, params) => void navigate({ to, ...(params ? { params } : {}) }),
  });
  const place = Math.min(current, Math.max(0, items.length - 1));

  function choose(item: PaletteItem | undefined): void {
    if (!item) return;
    onClose();
    item.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (place + step + items.length) % Math.max(1, items.length);
      setCurrent(next);
      list.current?.querySelector(`[data-place="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(items[place]);
    }
  }

  return (
    <>
      <div className={classes.field}>
        <SearchIcon />
        <input
          className={classes.input}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setCurrent(0);
          }}
          onKeyDown={onKeyDown}
          placeholder="Pages, charge points, actions"
          aria-label="Search pages, charge points and actions"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${place}` : undefined}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className={classes.list} tabIndex={-1}>
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === place}
            data-place={index}
            className={classes.item}
            onClick={() => choose(item)}
            onPointerMove={() => setCurrent(index)}
          >
            <span className={classes.kind}>{item.kind}</span>
            <span className={classes.label}>{item.label}</span>
            {item.detail !== undefined && <span className={classes.detail}>{item.detail}</span>}
          </div>
        ))}
        {items.length === 0 && (
          <p className={classes.none}>
            {isSearching
              ? 'Searching …'
              : 'Nothing has this in its name. Try a part of it, a vendor or a serial number.'}
          </p>
        )}
      </div>
    </>
  );
}
