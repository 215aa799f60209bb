import { SearchIcon } from '../icons/icons.tsx';
import { TypedField } from './typed-field.tsx';

interface SearchFieldProps {
  /** For screen readers: what it looks for, and in what. */
  label: string;
  placeholder: string;
  value: string | undefined;
  /** Undefined: it was emptied. */
  onChange: (value: string | undefined) => void;
  width?: number;
}

/** A filter of a list that is typed: `/` goes to it. */
export function SearchField({ width = 200, ...props }: SearchFieldProps) {
  return <TypedField {...props} width={width} icon={<SearchIcon width="13" height="13" />} isPageFilter />;
}
