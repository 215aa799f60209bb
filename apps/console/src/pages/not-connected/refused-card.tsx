import type { RefusedConnection } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { Copyable } from '../../components/copyable.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { UrlForCharger } from '../../components/url-for-charger.tsx';
import { AdoptButton } from './adopt-button.tsx';
import classes from './refused-card.module.css';

/** One that knocked: why it was refused in plain words, what to do, and the button that does it. */
export function RefusedCard({ refused }: { refused: RefusedConnection }) {
  const [showsMore, setShowsMore] = useState(false);
  const { networkId, words, whatToDo, count, lastAt, firstAt } = refused;
  return (
    <article className={classes.card} aria-label={`Refused: ${networkId}`}>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <Copyable text={networkId} what="identity" />
        </h2>
        <span className="dim">
          {count === 1 ? 'knocked once, ' : `knocked ${count.toLocaleString('en')} times, last `}
          <RelativeTime at={lastAt} />
        </span>
        <div className={classes.action}>
          <AdoptButton refused={refused} />
        </div>
      </div>
      <p className={classes.words}>{words}</p>
      <p className={classes.advice}>{whatToDo}</p>
      <UrlForCharger url={refused.useUrl} />
      <button type="button" className={classes.more} aria-expanded={showsMore} onClick={() => setShowsMore(!showsMore)}>
        {showsMore ? 'Less' : 'What it came with'}
      </button>
      {showsMore && (
        <dl className={classes.facts}>
          <Fact name="From">{refused.remoteAddress ?? 'not known'}</Fact>
          <Fact name="Path">
            <code>{refused.path ?? ''}</code>
          </Fact>
          <Fact name="Offered">{refused.subprotocols.join(', ') || 'no OCPP version'}</Fact>
          <Fact name="Credentials">{refused.credentials === 'basic' ? 'a password' : 'none'}</Fact>
          <Fact name="Answered with">HTTP {refused.status}</Fact>
          <Fact name="First">
            <RelativeTime at={firstAt} />
          </Fact>
        </dl>
      )}
    </article>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
