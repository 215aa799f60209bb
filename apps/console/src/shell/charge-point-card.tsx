import { Paper, Portal } from '@mantine/core';
import { type CSSProperties, useEffect, useState } from 'react';
import { RelativeTime } from '../components/relative-time.tsx';
import { StatePill } from '../components/state-pill.tsx';
import { useChargePoint } from '../data/charge-points.ts';
import { stateOf } from '../format/connector-state.ts';
import classes from './charge-point-card.module.css';

interface Shown {
  networkId: string;
  link: DOMRect;
}

const openMs = 350;
const closeMs = 150;
const width = 300;
/** Below this much room under the link the card stands above it. */
const room = 170;

/**
 * How a charge point is, beside whichever link to one is hovered or has the focus. One for the whole console: a card for
 * each row of a long list would cost more than the rest of the list.
 */
export function ChargePointCard() {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number, next: Shown | undefined) => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(next), ms);
    };
    const enter = ({ target }: Event) => {
      if (!(target instanceof Element)) return;
      if (target.closest(`[data-charge-point-card]`)) return clearTimeout(timer);
      const link = target.closest<HTMLElement>('[data-charge-point]');
      const networkId = link?.dataset.chargePoint;
      if (link && networkId !== undefined) later(openMs, { networkId, link: link.getBoundingClientRect() });
      else later(closeMs, undefined);
    };
    const leave = () => later(0, undefined);
    const key = ({ key: pressed }: KeyboardEvent) => pressed === 'Escape' && leave();
    document.addEventListener('pointerover', enter);
    document.addEventListener('focusin', enter);
    document.addEventListener('click', leave);
    document.addEventListener('scroll', leave, true);
    document.addEventListener('keydown', key);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', enter);
      document.removeEventListener('focusin', enter);
      document.removeEventListener('click', leave);
      document.removeEventListener('scroll', leave, true);
      document.removeEventListener('keydown', key);
    };
  }, []);
  if (!shown) return null;
  return (
    <Portal>
      <Paper
        shadow="md"
        withBorder
        className={classes.place}
        style={placeOf(shown.link)}
        data-charge-point-card
        role="tooltip"
      >
        <Content networkId={shown.networkId} />
      </Paper>
    </Portal>
  );
}

function placeOf(link: DOMRect): CSSProperties {
  const left = Math.max(8, Math.min(link.left, window.innerWidth - width - 8));
  const isBelow = window.innerHeight - link.bottom > room;
  return { left, width, ...(isBelow ? { top: link.bottom + 4 } : { bottom: window.innerHeight - link.top + 4 }) };
}

/** In short: asked for when the card opens. */
function Content({ networkId }: { networkId: string }) {
  const { data, error } = useChargePoint(networkId);
  if (error) return <span className="dim">{networkId} is not registered.</span>;
  if (!data) return <span className="dim">{networkId} …</span>;
  const { connected } = data.connection;
  return (
    <div className={classes.card}>
      <div>
        <strong>{data.name}</strong> {data.name !== networkId && <span className="mono dim">{networkId}</span>}
      </div>
      <div className={classes.pills}>
        {!connected && <StatePill state="offline" />}
        {connected &&
          data.connectors.map(({ evseId, connectorId, status }) => (
            <StatePill
              key={`${evseId} ${connectorId}`}
              state={stateOf({ status }, { connected })}
              label={String(evseId ?? connectorId)}
            />
          ))}
      </div>
      <div className="dim">
        {[data.vendor, data.model].filter(Boolean).join(' ') || 'Not booted yet'}
        {data.firmwareVersion && ` · ${data.firmwareVersion}`}
      </div>
      <div className="dim">
        Last heard <RelativeTime at={data.connection.lastSeenAt} />
      </div>
    </div>
  );
}
