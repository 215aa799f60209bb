import { Button, Group, Modal, Select } from '@mantine/core';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { TemplateOutcome } from '../../components/template-outcome.tsx';
import { useApplyTemplate, useTemplates } from '../../data/templates.ts';

/** Brings all that are selected to one template. */
export function BulkTemplate({ chosen, onClose }: { chosen: readonly ChargePoint[]; onClose: () => void }) {
  const { data: templates } = useTemplates();
  const [templateId, setTemplateId] = useState<string | null>(null);
  const { mutate, data: applied, done, isPending, error } = useApplyTemplate();
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Apply a template to ${chosen.length} charge points`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {templates?.length === 0 && (
        <EmptyState title="No templates yet">Make one on the page “Configuration”.</EmptyState>
      )}
      {applied ? (
        <TemplateOutcome applied={applied} />
      ) : (
        <Select
          label="Template"
          data={(templates ?? []).map(({ templateId: value, name }) => ({ value, label: name }))}
          value={templateId}
          onChange={setTemplateId}
          description="They have it from now on: what each has is read, and what is not as wanted is set, now and after each boot. None is restarted."
        />
      )}
      {error && <ProblemAlert error={error} what="It was not applied" />}
      <Group justify="flex-end" mt="md">
        {isPending && (
          <span role="status">
            {done} of {chosen.length}
          </span>
        )}
        <Button variant="default" onClick={onClose}>
          {applied ? 'Done' : 'Cancel'}
        </Button>
        {!applied && (
          <Button
            loading={isPending}
            disabled={templateId === null}
            onClick={() =>
              templateId !== null && mutate({ templateId, chargePoints: chosen.map(({ networkId }) => networkId) })
            }
          >
            Apply
          </Button>
        )}
      </Group>
    </Modal>
  );
}
