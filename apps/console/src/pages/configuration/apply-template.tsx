import { Button, Modal } from '@mantine/core';
import type { Template } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Targets } from '../../components/targets.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { useApplyTemplate } from '../../data/templates.ts';
import classes from './configuration-page.module.css';

/** Brings charge points to it, one after another. */
export function ApplyTemplate({ template, onClose }: { template: Template; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const { mutate, data: applied, isPending, error } = useApplyTemplate();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Apply “${template.name}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {applied ? (
        <ul className={classes.settings}>
          {applied.map(({ networkId, status, problem }) => (
            <li key={networkId}>
              <Verdict isGood={problem === undefined}>
                <ChargePointLink networkId={networkId} /> {problem ?? status}
              </Verdict>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <Targets chosen={chosen} onChange={setChosen} />
          <p className="dim">
            What each has is read first; what is not as wanted is set. None is restarted. From then on it is applied
            after each boot.
          </p>
        </>
      )}
      {error && <ProblemAlert error={error} what="It was not applied" />}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {applied ? 'Done' : 'Cancel'}
        </Button>
        {!applied && (
          <Button
            disabled={chosen.length === 0}
            loading={isPending}
            onClick={() => mutate({ templateId: template.templateId, chargePoints: chosen })}
          >
            Apply to {chosen.length}
          </Button>
        )}
      </div>
    </Modal>
  );
}
