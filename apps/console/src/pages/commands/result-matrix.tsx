import { Button } from '@mantine/core';
import { useState } from 'react';
import { answerWords } from '../../commands/answer-words.ts';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { type ManyResults, useOutcomes } from '../../data/commands.ts';
import { inWords, latency } from '../../format/quantity.ts';
import classes from './send-command.module.css';

interface ResultMatrixProps {
  action: string;
  results: ManyResults;
  /** Chooses these as those to whom it goes. */
  sendAgain: (chargePoints: readonly string[]) => void;
}

/** More rows than these are drawn when somebody wants to see them. */
const mostShown = 100;

/** Who answered what, as the answers come. What went wrong comes first. */
export function ResultMatrix({ action, results, sendAgain }: ResultMatrixProps) {
  const outcomes = useOutcomes(results);
  const [only, setOnly] = useState<string>();
  const [showsAll, setShowsAll] = useState(false);
  const rows = outcomes
    .map((outcome) => ({ ...outcome, words: answerWords(outcome) }))
    .toSorted((a, b) => Number(a.words.isGood) - Number(b.words.isGood) || a.chargePoint.localeCompare(b.chargePoint));
  const counted = Map.groupBy(rows, ({ words }) => words.word);
  const failed = rows.filter(({ words, isOpen }) => !isOpen && !words.isGood).map(({ chargePoint }) => chargePoint);
  const open = rows.filter(({ isOpen }) => isOpen).length;
  const wanted = rows.filter(({ words }) => only === undefined || words.word === only);
  const shown = showsAll ? wanted : wanted.slice(0, mostShown);
  return (
    <section aria-label="What came of it" aria-busy={open > 0}>
      <div className={classes.sum} role="status">
        <strong>
          {action}: {rows.length - open} of {rows.length} have ended
        </strong>
        {[...counted].map(([word, alike]) => (
          <Button
            key={word}
            variant={only === word ? 'filled' : 'default'}
            aria-pressed={only === word}
            onClick={() => setOnly(only === word ? undefined : word)}
          >
            {word} {alike.length}
          </Button>
        ))}
        {failed.length > 0 && open === 0 && (
          <Button variant="default" onClick={() => sendAgain(failed)}>
            Choose the {failed.length} that failed
          </Button>
        )}
      </div>
      <table className={classes.results}>
        <thead>
          <tr>
            <th>Charge point</th>
            <th>What came of it</th>
            <th>Took</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ chargePoint, words, isOpen, tookMs }) => (
            <tr key={chargePoint}>
              <td>
                <ChargePointLink networkId={chargePoint} />
              </td>
              <td>
                {isOpen ? words.word : <Verdict isGood={words.isGood}>{words.word}</Verdict>}
                {words.detail !== undefined && <span className="dim"> {words.detail}</span>}
              </td>
              <td className="dim nowrap">{tookMs === undefined ? '' : inWords(latency(tookMs))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < wanted.length && (
        <Button variant="default" onClick={() => setShowsAll(true)}>
          Show all {wanted.length}
        </Button>
      )}
    </section>
  );
}
