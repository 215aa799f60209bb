import { Skeleton } from '@mantine/core';
import type { Template } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { useTemplates } from '../../data/templates.ts';
import classes from './configuration-page.module.css';
import { TemplateCard } from './template-card.tsx';
import { TemplateForm } from './template-form.tsx';

/** Templates: named sets of what charge points should have. What each has is on its own page. */
export default function ConfigurationPage() {
  const { data, error, isPending, refetch } = useTemplates();
  const [edited, setEdited] = useState<Template | 'new'>();
  return (
    <>
      <PageHead
        title="Configuration"
        aside="Templates: what charge points should have"
        actions={
          <ActionButton needs="operator" onClick={() => setEdited('new')}>
            New template
          </ActionButton>
        }
      />
      <Scrolling className={classes.page} label="Templates">
        {error && <ProblemAlert error={error} what="The templates could not be read" onRetry={() => refetch()} />}
        {isPending && <Skeleton height={120} />}
        {data?.length === 0 && (
          <EmptyState title="No templates yet">
            A template holds the settings that all chargers of a kind should have, such as how often they send meter
            values. It is applied on demand and after each boot; what drifts from it is shown on the page of each charge
            point.
          </EmptyState>
        )}
        {data?.map((template) => (
          <TemplateCard key={template.templateId} template={template} edit={() => setEdited(template)} />
        ))}
      </Scrolling>
      {edited !== undefined && (
        <TemplateForm
          key={edited === 'new' ? 'new' : edited.templateId}
          template={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}
