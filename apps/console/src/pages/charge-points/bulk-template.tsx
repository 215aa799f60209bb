import { Button, Group, Modal, Select } from '@mantine/core';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { type Applied, useApplyTemplate, useTemplates } from '../../data/templates.ts';

/** Brings all that are selected to one template. */
export function BulkTemplate({ chosen, onClose }: { chosen: readonly ChargePoint[]; onClose: () => void }) {
  const { data: templates } = useTemplates();
  const [templateId, setTemplateId] = useState<string | null>(null);
  const { mutate, data: applied, isPending, error } = useApplyTemplate();
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
        <Outcome applied={applied} />
      ) : (
        <Select
          label="Template"
          data={(templates ?? []).map(({ templateId: value, name }) => ({ value, label: name }))}
          value={templateId}
          onChange={setTemplateId}
          description="What each has is read first; what is not as wanted is set. None is restarted."
        />
      )}
      {error && <ProblemAlert error={error} what="It was not applied" />}
      <Group justify="flex-end" mt="md">
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

function Outcome({ applied }: { applied: readonly Applied[] }) {
  const failed = applied.filter(({ problem }) => problem !== undefined);
  return (
    <>
      <p>It is being applied at {applied.length - failed.length} of them.</p>
      <ul>
        {failed.map(({ networkId, problem }) => (
          <li key={networkId}>
            {networkId}: {problem}
          </li>
        ))}
      </ul>
    </>
  );
}
