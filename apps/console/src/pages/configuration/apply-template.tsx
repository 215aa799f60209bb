import { Button, Modal } from '@mantine/core';
import type { Template } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Targets } from '../../components/targets.tsx';
import { TemplateOutcome } from '../../components/template-outcome.tsx';
import { useApplyTemplate } from '../../data/templates.ts';
import classes from './configuration-page.module.css';

/** Gives it to charge points, and brings them to it. */
export function ApplyTemplate({ template, onClose }: { template: Template; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const { mutate, data: applied, done, isPending, error } = useApplyTemplate();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Apply “${template.name}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {applied ? (
        <TemplateOutcome applied={applied} />
      ) : (
        <>
          <Targets chosen={chosen} onChange={setChosen} />
          <p className="dim">
            They have it from now on: what each has is read, and what is not as wanted is set, now and after each boot.
            None is restarted.
          </p>
        </>
      )}
      {error && <ProblemAlert error={error} what="It was not applied" />}
      <div className={classes.foot}>
        {isPending && (
          <span role="status">
            {done} of {chosen.length}
          </span>
        )}
        <Button variant="default" onClick={onClose}>
          {applied ? 'Done' : 'Cancel'}
        </Button>
        {!applied && (
          <ActionButton
            needs="operator"
            variant="filled"
            mayNot={chosen.length === 0 ? 'Choose to whom it is applied.' : undefined}
            loading={isPending}
            onClick={() => mutate({ templateId: template.templateId, chargePoints: chosen })}
          >
            Apply to {chosen.length}
          </ActionButton>
        )}
      </div>
    </Modal>
  );
}
