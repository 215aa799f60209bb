import type { Quantity } from '../format/quantity.ts';
import classes from './figure.module.css';

interface FigureProps extends Quantity {
  /** Large, for what a page is about. */
  size?: 'inline' | 'large';
}

/** A number with its unit: figures of one width, so that what changes does not jump. */
export function Figure({ figure, unit, size = 'inline' }: FigureProps) {
  return (
    <span className={classes.quantity} data-size={size}>
      <span className={classes.figure}>{figure}</span>
      {unit !== '' && <span className={classes.unit}> {unit}</span>}
    </span>
  );
}
