import type { Template } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { nameOf, placeOf } from '../../data/configuration.ts';
import { useDeleteTemplate } from '../../data/templates.ts';
import { ApplyTemplate } from './apply-template.tsx';
import classes from './configuration-page.module.css';
import { TemplateUses } from './template-uses.tsx';

export function TemplateCard({ template, edit }: { template: Template; edit: () => void }) {
  const { templateId, name, settings, updatedAt } = template;
  const [isApplying, setIsApplying] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const { mutate, isPending, error } = useDeleteTemplate();
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <h2>{name}</h2>
        <span className="dim">
          {settings.length === 1 ? '1 setting' : `${settings.length} settings`}, changed <RelativeTime at={updatedAt} />
        </span>
        <div className={classes.actions}>
          <ActionButton needs="operator" onClick={() => setIsApplying(true)}>
            Apply to …
          </ActionButton>
          <ActionButton needs="operator" onClick={edit}>
            Change
          </ActionButton>
          <ActionButton needs="operator" variant="subtle" color="gray" onClick={() => setIsDeleting(true)}>
            Delete
          </ActionButton>
        </div>
      </div>
      <ul className={classes.settings}>
        {settings.map((setting) => (
          <li key={JSON.stringify([setting.key, setting.component, setting.variable])}>
            <span className="dim">{placeOf(setting)}</span> {nameOf(setting)} ={' '}
            <span className="mono">{setting.value}</span>
          </li>
        ))}
      </ul>
      <TemplateUses templateId={templateId} />
      {isApplying && <ApplyTemplate template={template} onClose={() => setIsApplying(false)} />}
      <ConfirmAction
        opened={isDeleting}
        onClose={() => setIsDeleting(false)}
        title={`Delete the template “${name}”?`}
        consequence="Charge points that have it keep what they are set to, and nothing is wanted of them any more."
        verb="Delete"
        onConfirm={() => mutate(templateId, { onSuccess: () => setIsDeleting(false) })}
        isPending={isPending}
        error={error}
      />
    </article>
  );
}
