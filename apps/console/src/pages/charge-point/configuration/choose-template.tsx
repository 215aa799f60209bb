import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { ActionButton } from '../../../components/action-button.tsx';
import { ConfirmAction } from '../../../components/confirm-action.tsx';
import { useApplyTemplate, useTemplates } from '../../../data/templates.ts';

/** The template that it has, and to bring it to one. */
export function ChooseTemplate({ networkId, templateId }: { networkId: string; templateId: string | null }) {
  const { data: templates = [] } = useTemplates();
  const [chosen, setChosen] = useState(templateId);
  const [isAsking, setIsAsking] = useState(false);
  const { mutate, isPending, error } = useApplyTemplate();
  const template = templates.find((one) => one.templateId === chosen);
  if (templates.length === 0) return null;
  const apply = () =>
    template &&
    mutate(
      { templateId: template.templateId, chargePoints: [networkId] },
      {
        onSuccess: ([applied]) => {
          setIsAsking(false);
          const problem = applied?.problem;
          notifications.show({
            title: template.name,
            message: problem ?? 'It is being applied, and will be after each boot.',
            ...(problem === undefined ? {} : { color: 'red' }),
          });
        },
      },
    );
  return (
    <>
      <Select
        aria-label="Template"
        placeholder="No template"
        data={templates.map(({ templateId: value, name }) => ({ value, label: name }))}
        value={chosen}
        onChange={setChosen}
        w={180}
      />
      <ActionButton
        needs="operator"
        mayNot={template === undefined ? 'Choose a template first.' : undefined}
        onClick={() => setIsAsking(true)}
      >
        Apply
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Bring ${networkId} to “${template?.name}”?`}
        consequence={`What it has is read first; what is not as wanted of ${template?.settings.length} settings is set. It is not restarted: what needs that is named afterwards.`}
        verb="Apply"
        onConfirm={apply}
        isPending={isPending}
        error={error}
      />
    </>
  );
}
