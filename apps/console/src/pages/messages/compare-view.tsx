import { Skeleton } from '@mantine/core';
import type { Message } from '@ocpp-csms/api-client';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useMessage } from '../../data/messages.ts';
import { exactTime } from '../../format/time.ts';
import type { Open } from './filters.ts';
import { compareJson, type Difference } from './json-diff.ts';
import classes from './message-list.module.css';
import pane from './message-pane.module.css';

interface CompareViewProps {
  before: string;
  after: string;
  open: Open;
}

/** What is different between two messages, and between their answers. */
export function CompareView({ before, after, open }: CompareViewProps) {
  const [one, other] = [useMessage(before), useMessage(after)];
  const failed = [one, other].find(({ error }) => error !== null);
  if (failed)
    return <ProblemAlert error={failed.error} what="A message could not be read" onRetry={() => failed.refetch()} />;
  if (!one.data || !other.data) return <Skeleton height={160} />;
  return (
    <div className={pane.view}>
      <dl className={pane.facts}>
        <dt>First</dt>
        <dd>
          <Named message={one.data} open={open} />
        </dd>
        <dt>Second</dt>
        <dd>
          <Named message={other.data} open={open} />
        </dd>
      </dl>
      <Differences title="Content" before={one.data.body.messageBody} after={other.data.body.messageBody} />
      {(one.data.answer || other.data.answer) && (
        <Differences title="Answer" before={one.data.answer?.messageBody} after={other.data.answer?.messageBody} />
      )}
    </div>
  );
}

function Named({ message, open }: { message: Message; open: Open }) {
  return (
    <>
      <button type="button" className={classes.link} onClick={() => open({ message: message.id, compare: undefined })}>
        {message.body.messageType || 'not readable'}
      </button>{' '}
      · <ChargePointLink networkId={message.client} /> · {exactTime(Date.parse(message.messageTime))}
    </>
  );
}

interface DifferencesProps {
  title: string;
  before: unknown;
  after: unknown;
}

function Differences({ title, before, after }: DifferencesProps) {
  const { differences, same, isCut } = compareJson(before, after);
  const sameWords = `${same.toLocaleString('en')} ${same === 1 ? 'value is' : 'values are'} the same`;
  return (
    <section className={pane.section} aria-label={`Difference of ${title}`}>
      <h3>{title}</h3>
      <span className="dim">
        {differences.length === 0 ? 'No difference' : `${differences.length.toLocaleString('en')} different`}
        {same > 0 && `; ${sameWords}`}
        {isCut && '; there are more that are different'}.
      </span>
      <ul className={pane.differences}>
        {differences.map((difference) => (
          <DifferenceItem key={difference.path} difference={difference} />
        ))}
      </ul>
    </section>
  );
}

const kindWords = { added: 'only in the second', removed: 'only in the first', changed: 'changed' } as const;

function DifferenceItem({ difference }: { difference: Difference }) {
  const { path, kind } = difference;
  return (
    <li className={pane.difference}>
      <span>
        <code>{path || 'the whole'}</code> <span className="dim">{kindWords[kind]}</span>
      </span>
      {kind !== 'added' && <Side name="First" value={difference.before} />}
      {kind !== 'removed' && <Side name="Second" value={difference.after} />}
    </li>
  );
}

function Side({ name, value }: { name: string; value: unknown }) {
  return (
    <span className={pane.side}>
      <span className="dim">{name}</span>
      <code>{JSON.stringify(value, null, 2) ?? 'nothing'}</code>
    </span>
  );
}
