import { Button, Group, Modal, TagsInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSummary } from '../../data/charge-points.ts';
import { useChangeTags } from '../../data/tags.ts';

/** Tags for all that are selected: some are added, some taken away, the others stay. */
export function BulkTags({ chosen, onClose }: { chosen: readonly ChargePoint[]; onClose: () => void }) {
  const [added, setAdded] = useState<string[]>([]);
  const [removed, setRemoved] = useState<string[]>([]);
  const { data: summary } = useSummary();
  const { mutate, isPending, error } = useChangeTags();
  const known = Object.keys(summary?.tags ?? {});
  const theirs = [...new Set(chosen.flatMap(({ tags }) => tags))].toSorted();
  const save = () =>
    mutate(
      { chargePoints: chosen, added, removed },
      {
        onSuccess: (changed) => {
          notifications.show({ title: 'Tags', message: `${changed} charge points have other tags now.` });
          onClose();
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Tags of ${chosen.length} charge points`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <TagsInput label="Add" data={known} value={added} onChange={setAdded} size="xs" data-autofocus />
      <TagsInput label="Take away" data={theirs} value={removed} onChange={setRemoved} size="xs" mt="sm" />
      {error && <ProblemAlert error={error} what="Not all tags were changed" />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isPending} disabled={added.length + removed.length === 0} onClick={save}>
          Save
        </Button>
      </Group>
    </Modal>
  );
}
