import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import type { Template, TemplateSetting } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSaveTemplate } from '../../data/templates.ts';
import { CrossIcon } from '../../icons/icons.tsx';
import classes from './configuration-page.module.css';

interface TemplateFormProps {
  /** Undefined: a new one. */
  template: Template | undefined;
  onClose: () => void;
}

/** In 1.6 a name and a value; in 2.x the component as well. */
export function TemplateForm({ template, onClose }: TemplateFormProps) {
  const [name, setName] = useState(template?.name ?? '');
  const [is16, setIs16] = useState(template?.settings.every(({ key }) => key !== undefined) ?? true);
  const [settings, setSettings] = useState<TemplateSetting[]>(template?.settings ?? [empty(true)]);
  const { mutate, isPending, error } = useSaveTemplate();
  const change = (index: number, next: TemplateSetting) => setSettings(settings.with(index, next));
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={template === undefined ? 'New template' : `Change “${template.name}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.rows}
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ templateId: template?.templateId, name: name.trim(), settings }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        {template === undefined && (
          <SegmentedControl
            aria-label="For which version"
            data={[
              { value: '1.6', label: 'Keys of OCPP 1.6' },
              { value: '2', label: 'Variables of OCPP 2.x' },
            ]}
            value={is16 ? '1.6' : '2'}
            onChange={(version) => {
              setIs16(version === '1.6');
              setSettings([empty(version === '1.6')]);
            }}
          />
        )}
        {settings.map((setting, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a setting that is being written has nothing else that tells it apart
          <div key={index} className={classes.row}>
            {setting.key === undefined ? (
              <>
                <TextInput
                  aria-label={`Component ${index + 1}`}
                  placeholder="OCPPCommCtrlr"
                  value={setting.component?.name ?? ''}
                  onChange={({ currentTarget }) =>
                    change(index, { ...setting, component: { ...setting.component, name: currentTarget.value } })
                  }
                  required
                />
                <TextInput
                  aria-label={`Variable ${index + 1}`}
                  placeholder="HeartbeatInterval"
                  value={setting.variable?.name ?? ''}
                  onChange={({ currentTarget }) =>
                    change(index, { ...setting, variable: { ...setting.variable, name: currentTarget.value } })
                  }
                  required
                />
              </>
            ) : (
              <TextInput
                aria-label={`Key ${index + 1}`}
                placeholder="MeterValueSampleInterval"
                value={setting.key}
                onChange={({ currentTarget }) => change(index, { ...setting, key: currentTarget.value })}
                required
                style={{ gridColumn: 'span 2' }}
              />
            )}
            <TextInput
              aria-label={`Value ${index + 1}`}
              placeholder="60"
              value={setting.value}
              onChange={({ currentTarget }) => change(index, { ...setting, value: currentTarget.value })}
            />
            <Button
              variant="subtle"
              color="gray"
              aria-label={`Remove setting ${index + 1}`}
              onClick={() => setSettings(settings.toSpliced(index, 1))}
            >
              <CrossIcon width="12" height="12" />
            </Button>
          </div>
        ))}
        <Button variant="default" onClick={() => setSettings([...settings, empty(is16)])}>
          Add a setting
        </Button>
        {error && <ProblemAlert error={error} what="It was not saved" />}
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={settings.length === 0}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const empty = (is16: boolean): TemplateSetting =>
  is16 ? { key: '', value: '' } : { component: { name: '' }, variable: { name: '' }, value: '' };
