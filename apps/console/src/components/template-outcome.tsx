import type { Applied } from '../data/templates.ts';
import { ChargePointLink } from './charge-point-link.tsx';
import { Verdict } from './verdict.tsx';

/** What came of asking for a template; what comes of the template itself stands with it, on the page of templates. */
export function TemplateOutcome({ applied }: { applied: readonly Applied[] }) {
  const failed = applied.filter(({ problem }) => problem !== undefined);
  return (
    <>
      <p>
        {applied.length - failed.length} have it now, and it is applied where they are connected, elsewhere when they
        come. What comes of it stands on the page “Configuration”.
      </p>
      <ul>
        {failed.map(({ networkId, problem }) => (
          <li key={networkId}>
            <Verdict isGood={false}>
              <ChargePointLink networkId={networkId} /> {problem}
            </Verdict>
          </li>
        ))}
      </ul>
    </>
  );
}
