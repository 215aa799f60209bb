import type { ReactNode } from 'react';

interface ScrollingProps {
  /** For screen readers: what is in it. */
  label: string;
  className: string | undefined;
  children: ReactNode;
}

/** What is longer than the page scrolls, with the keyboard as well. */
export function Scrolling({ label, className, children }: ScrollingProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div className={className} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
