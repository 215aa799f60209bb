import type { ComponentType, SVGProps } from 'react';
import type { ConnectorState } from '../format/connector-state.ts';
import {
  AvailableIcon,
  ChargingIcon,
  FaultedIcon,
  FinishingIcon,
  OccupiedIcon,
  OfflineIcon,
  PreparingIcon,
  ReservedIcon,
  SuspendedIcon,
  UnavailableIcon,
  UnknownIcon,
} from '../icons/icons.tsx';
import classes from './state-pill.module.css';

const icons: Readonly<Record<ConnectorState, ComponentType<SVGProps<SVGSVGElement>>>> = {
  available: AvailableIcon,
  preparing: PreparingIcon,
  charging: ChargingIcon,
  suspended: SuspendedIcon,
  finishing: FinishingIcon,
  reserved: ReservedIcon,
  unavailable: UnavailableIcon,
  faulted: FaultedIcon,
  offline: OfflineIcon,
  occupied: OccupiedIcon,
  unknown: UnknownIcon,
};

interface StatePillProps {
  state: ConnectorState;
  /** Which connector, such as `1`; before the word. */
  label?: string;
  /** After the word, such as a power. */
  detail?: string;
  /** The icon and the label alone: the word is for screen readers, and on hover. */
  compact?: boolean;
  title?: string;
}

/** How a connector, or a charge point, is. The only look that a state has. */
export function StatePill({ state, label, detail, compact = false, title }: StatePillProps) {
  const Icon = icons[state];
  return (
    <span
      className={classes.pill}
      data-state={state}
      data-compact={compact || undefined}
      title={title ?? (compact ? state : undefined)}
    >
      <Icon className={classes.icon} width="13" height="13" />
      {label !== undefined && <span className={classes.label}>{label}</span>}
      <span className={compact ? 'visually-hidden' : classes.word}>{state}</span>
      {detail !== undefined && <span className={classes.detail}>{detail}</span>}
    </span>
  );
}
