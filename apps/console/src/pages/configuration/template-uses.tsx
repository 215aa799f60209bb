import { Button } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import type { TemplateUse } from '@ocpp-csms/api-client';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { useTemplateUses, wordsOfUse } from '../../data/templates.ts';
import classes from './configuration-page.module.css';

/** What goes on elsewhere comes first, and of it only so many until somebody wants to see all. */
const mostShown = 20;

/** Who has the template: what is not as wanted first. Of many templates, those are asked for that somebody sees. */
export function TemplateUses({ templateId }: { templateId: string }) {
  const { ref, inViewport } = useInViewport();
  return (
    <div ref={ref}>
      <Uses templateId={templateId} isSeen={inViewport} />
    </div>
  );
}

function Uses({ templateId, isSeen }: { templateId: string; isSeen: boolean }) {
  const { data, error, refetch } = useTemplateUses(templateId, isSeen);
  const [isOpen, setIsOpen] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  if (error) return <ProblemAlert error={error} what="Who has it could not be read" onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="dim">Who has it is being read …</p>;
  if (data.items.length === 0) return <p className="dim">No charge point has it yet.</p>;
  const uses = data.items
    .map((use) => ({ ...use, ...wordsOfUse(use) }))
    .toSorted((a, b) => rank(a.isGood) - rank(b.isGood));
  const shown = showsAll ? uses : uses.slice(0, mostShown);
  const amiss = uses.filter(({ isGood }) => isGood === false).length;
  const isMore = data.nextCursor !== undefined;
  return (
    <section aria-label="Who has it">
      <Button variant="subtle" color="gray" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {uses.length}
        {isMore && ' and more'} {uses.length === 1 ? 'charge point has' : 'charge points have'} it
        {amiss > 0 && `, ${amiss} not as wanted`}
      </Button>
      {isOpen && (
        <ul className={classes.uses}>
          {shown.map((use) => (
            <UseLine key={use.networkId} use={use} />
          ))}
        </ul>
      )}
      {isOpen && shown.length < uses.length && (
        <Button variant="default" onClick={() => setShowsAll(true)}>
          Show all {uses.length}
        </Button>
      )}
    </section>
  );
}

/** What is amiss, then what is not known, then what is well. */
const rank = (isGood: boolean | undefined): number => (isGood === undefined ? 1 : isGood ? 2 : 0);

function UseLine({ use }: { use: TemplateUse & ReturnType<typeof wordsOfUse> }) {
  const { networkId, name, word, isGood, readAt, job } = use;
  const words =
    use.differing === null || use.differing === 0 ? (
      word
    ) : (
      <Link to="/charge-points/$id" params={{ id: networkId }} search={{ tab: 'configuration', drift: 'true' }}>
        {word}
      </Link>
    );
  return (
    <li>
      <ChargePointLink networkId={networkId} name={name} />
      <span>{isGood === undefined ? words : <Verdict isGood={isGood}>{words}</Verdict>}</span>
      <span className="dim">
        {job?.finishedAt ? 'applied' : 'read'} <RelativeTime at={job?.finishedAt ?? readAt} />
      </span>
    </li>
  );
}
