import { Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Violation } from '../../commands/schema.ts';
import classes from './send-command.module.css';

interface JsonEditorProps {
  value: unknown;
  onChange: (value: unknown) => void;
  /** Why it is no JSON; undefined: it is. */
  onFault: (fault: string | undefined) => void;
  violations: readonly Violation[];
}

/** The same as the form, as it is sent: what is changed in one shows in the other. */
export function JsonEditor({ value, onChange, onFault, violations }: JsonEditorProps) {
  const [text, setText] = useState(() => textOf(value));
  const [fault, setFault] = useState<string>();
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(textOf(value));
    setFault(undefined);
    onFault(undefined);
  }, [value, onFault]);

  function read(next: string): void {
    setText(next);
    try {
      const content: unknown = JSON.parse(next);
      told.current = content;
      setFault(undefined);
      onFault(undefined);
      onChange(content);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      setFault(words);
      onFault(words);
    }
  }

  return (
    <div>
      <Textarea
        label="As JSON"
        value={text}
        onChange={(event) => read(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        {...(fault === undefined ? {} : { error: fault })}
      />
      {violations.length > 0 && (
        <ul className={classes.faults} aria-label="What does not fit">
          {violations.slice(0, 8).map(({ path, message }) => (
            <li key={path + message}>
              <code>{path === '' ? 'it' : path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const textOf = (value: unknown): string => JSON.stringify(value, undefined, 2) ?? '';
