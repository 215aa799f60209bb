import { Tooltip } from '@mantine/core';
import { createContext, useContext, useState } from 'react';
import { ChevronDownIcon, ChevronRightIcon } from '../icons/icons.tsx';
import classes from './json-view.module.css';
import type { Meanings } from './json-view-meanings/meanings.ts';

interface JsonViewProps {
  value: unknown;
  /** For screen readers: what it is. */
  label: string;
  /** Explains names and values on hover and focus. */
  meanings?: Meanings | undefined;
}

const MeaningsContext = createContext<Meanings | undefined>(undefined);

/** JSON as people read it. What charge points sent is text here, whatever it looks like. */
export function JsonView({ value, label, meanings }: JsonViewProps) {
  return (
    <MeaningsContext value={meanings}>
      <div className={classes.view} role="group" aria-label={label}>
        <Value value={value} name="" depth={0} />
      </div>
    </MeaningsContext>
  );
}

/** Deeper than this is folded at first, and so is what has more members than this. */
const openDepth = 4;
const openMembers = 40;
/** A certificate or a photograph in base64 would fill the page. */
const longestShown = 2000;

interface ValueProps {
  value: unknown;
  /** Of the member that it is, or that it is an element of. */
  name: string;
  depth: number;
}

function Value({ value, name, depth }: ValueProps) {
  if (Array.isArray(value))
    return <Members entries={value.map((item, index) => [index, item])} brackets="[]" name={name} depth={depth} />;
  if (typeof value === 'object' && value !== null)
    return <Members entries={Object.entries(value)} brackets="{}" name={name} depth={depth} />;
  return <Scalar value={value} name={name} />;
}

interface MembersProps {
  entries: (readonly [string | number, unknown])[];
  brackets: '[]' | '{}';
  name: string;
  depth: number;
}

function Members({ entries, brackets, name: own, depth }: MembersProps) {
  const [isOpen, setIsOpen] = useState(depth < openDepth && entries.length <= openMembers);
  const [open, close] = brackets;
  if (entries.length === 0) return <span>{brackets}</span>;
  if (depth > 0 && isShort(entries)) return <InLine entries={entries} brackets={brackets} name={own} depth={depth} />;
  const Chevron = isOpen ? ChevronDownIcon : ChevronRightIcon;
  return (
    <>
      <button type="button" className={classes.fold} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Chevron width="11" height="11" />
        {open}
        {!isOpen && <span className={classes.folded}> {entries.length} … </span>}
        {!isOpen && close}
        <span className="visually-hidden">{isOpen ? 'fold' : 'unfold'}</span>
      </button>
      {isOpen && (
        <>
          <ul className={classes.members}>
            {entries.map(([name, member]) => (
              <li key={name}>
                {brackets === '{}' && <Name name={String(name)} />}
                <Value value={member} name={brackets === '{}' ? String(name) : own} depth={depth + 1} />
              </li>
            ))}
          </ul>
          <span>{close}</span>
        </>
      )}
    </>
  );
}

/** So much is read faster in one line. */
const longestLine = 110;

const isShort = (entries: MembersProps['entries']): boolean =>
  entries.every(([, member]) => typeof member !== 'object' || member === null) &&
  JSON.stringify(Object.fromEntries(entries)).length <= longestLine;

function InLine({ entries, brackets, name: own, depth }: MembersProps) {
  const [open, close] = brackets;
  return (
    <span>
      {open}{' '}
      {entries.map(([name, member], index) => (
        <span key={name}>
          {index > 0 && ', '}
          {brackets === '{}' && <Name name={String(name)} />}
          <Value value={member} name={brackets === '{}' ? String(name) : own} depth={depth + 1} />
        </span>
      ))}{' '}
      {close}
    </span>
  );
}

function Name({ name }: { name: string }) {
  const meaning = useContext(MeaningsContext)?.field(name);
  if (meaning === undefined) return <span className={classes.name}>{name}: </span>;
  return (
    <span className={classes.name}>
      <Explained meaning={meaning}>{name}</Explained>:{' '}
    </span>
  );
}

function Explained({ meaning, children }: { meaning: string; children: string }) {
  return (
    <Tooltip label={meaning}>
      <button type="button" className={classes.explained} aria-description={meaning}>
        {children}
      </button>
    </Tooltip>
  );
}

function Scalar({ value, name }: { value: unknown; name: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const meanings = useContext(MeaningsContext);
  const meaning = typeof value === 'string' ? meanings?.value(name, value) : undefined;
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (meaning !== undefined)
    return (
      <span data-type="string" className={classes.scalar}>
        <Explained meaning={meaning}>{text}</Explained>
      </span>
    );
  if (text.length <= longestShown || isWhole)
    return (
      <span data-type={typeof value} className={classes.scalar}>
        {text}
      </span>
    );
  return (
    <span className={classes.scalar} data-type="string">
      {text.slice(0, longestShown)}…{' '}
      <button type="button" className={classes.more} onClick={() => setIsWhole(true)}>
        {(text.length - longestShown).toLocaleString('en')} more characters
      </button>
    </span>
  );
}
