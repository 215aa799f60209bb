import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, forwardRef } from 'react';

type Anchor = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & ButtonProps;

const AnchorButton = forwardRef<HTMLAnchorElement, Anchor>((props, ref) => (
  <Button component="a" ref={ref} variant="default" {...props} />
));

/** A link to a page that looks like a button. */
export const ButtonLink = createLink(AnchorButton);
