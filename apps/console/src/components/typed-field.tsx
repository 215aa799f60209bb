import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';

interface TypedFieldProps {
  label: string;
  placeholder?: string;
  icon?: ReactNode;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  width?: number;
  /** What `/` goes to. */
  isPageFilter?: boolean;
  /** The label is seen. */
  isLabelled?: boolean;
}

const typingMs = 400;

/** The field keeps what is typed; the address follows a moment later. */
export function TypedField(props: TypedFieldProps) {
  const { label, placeholder, icon, value = '', onChange, width, isPageFilter = false, isLabelled = false } = props;
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  // Changed in the address, by a link or by Clear.
  if (told !== value) {
    setTold(value);
    if (text.trim() !== value) setText(value);
  }
  const tell = useDebouncedCallback((next: string) => onChange(next === '' ? undefined : next), typingMs);
  return (
    <TextInput
      {...(isLabelled ? { label } : { 'aria-label': label })}
      placeholder={placeholder}
      leftSection={icon}
      value={text}
      w={width}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
      data-page-filter={isPageFilter || undefined}
    />
  );
}
