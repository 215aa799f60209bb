import { Link } from '@tanstack/react-router';
import classes from './charge-point-link.module.css';

interface ChargePointLinkProps {
  networkId: string;
  /** Its name, where it is known; else its identity stands there. */
  name?: string | undefined;
}

/** A charge point, wherever one is named: a click opens it, a hover shows how it is (`shell/charge-point-card.tsx`). */
export function ChargePointLink({ networkId, name }: ChargePointLinkProps) {
  return (
    <Link to="/charge-points/$id" params={{ id: networkId }} className={classes.link} data-charge-point={networkId}>
      {name ?? networkId}
    </Link>
  );
}
