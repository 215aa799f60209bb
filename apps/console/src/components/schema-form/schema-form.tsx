import { Button, Checkbox, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { firstValueOf, membersOf, resolved, type Schema, type Violation } from '../../commands/schema.ts';
import { localDateTime } from '../../format/time.ts';
import { CrossIcon } from '../../icons/icons.tsx';
import { useMeanings } from '../json-view-meanings/use-meanings.ts';
import classes from './schema-form.module.css';

interface SchemaFormProps {
  /** Whose request it is. */
  action: string;
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  violations: readonly Violation[];
}

/** A form for what a JSON Schema describes: what must be there is there, the rest is added with a switch. */
export function SchemaForm({ action, schema, value, onChange, violations }: SchemaFormProps) {
  if (membersOf(schema).length === 0) return <p className="dim">Nothing is to be said with it.</p>;
  return (
    <Members
      action={action}
      schema={schema}
      root={schema}
      value={value}
      onChange={onChange}
      violations={violations}
      path=""
    />
  );
}

interface FieldProps extends SchemaFormProps {
  root: Schema;
  path: string;
}

function Members({ action, schema, root, value, onChange, violations, path }: FieldProps) {
  const own = isRecord(value) ? value : {};
  const meanings = useMeanings()?.meaningsOf(action);
  return (
    <div className={classes.members}>
      {membersOf(schema).map(({ name, schema: member, isRequired }) => {
        const isThere = Object.hasOwn(own, name);
        const set = (next: unknown) => onChange({ ...own, [name]: next });
        const place = path === '' ? name : `${path}.${name}`;
        return (
          <div key={name} className={classes.member}>
            {!isRequired && (
              <Checkbox
                label={
                  <>
                    {name} {!isThere && <span className="dim">{meanings?.field(name)}</span>}
                  </>
                }
                checked={isThere}
                onChange={() => (isThere ? onChange(without(own, name)) : set(firstValueOf(member, root)))}
              />
            )}
            {(isRequired || isThere) && (
              <Field
                label={name}
                hidesLabel={!isRequired}
                action={action}
                description={meanings?.field(name)}
                schema={resolved(member, root)}
                root={root}
                value={own[name]}
                onChange={set}
                violations={violations}
                path={place}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

interface LabelledProps extends FieldProps {
  label: string;
  /** Another control says it already. */
  hidesLabel: boolean;
  description?: string | undefined;
}

function Field(props: LabelledProps) {
  const { schema, label, hidesLabel, description, value, onChange, violations, path } = props;
  const error = violations.find((one) => one.path === path)?.message;
  const common = {
    ...(hidesLabel ? { 'aria-label': label } : { label }),
    ...(description === undefined ? {} : { description }),
    ...(error === undefined ? {} : { error }),
    size: 'xs' as const,
  };
  if (schema.type === 'object')
    return (
      <Group label={hidesLabel ? undefined : label}>
        <Members {...props} />
      </Group>
    );
  if (schema.type === 'array') return <Items {...props} />;
  if (schema.enum !== undefined)
    return (
      <Select
        {...common}
        data={[...schema.enum]}
        value={typeof value === 'string' ? value : null}
        onChange={(next) => onChange(next ?? schema.enum?.[0])}
        allowDeselect={false}
        searchable={schema.enum.length > 8}
      />
    );
  if (schema.type === 'boolean')
    return (
      <Switch
        aria-label={label}
        label={hidesLabel ? 'yes' : label}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : Number(next) || 0)}
        allowDecimal={schema.type === 'number'}
      />
    );
  if (schema.format === 'date-time')
    return (
      <TextInput
        {...common}
        type="datetime-local"
        value={typeof value === 'string' && value !== '' ? localDateTime(value) : ''}
        onChange={(event) => {
          const at = new Date(event.currentTarget.value);
          onChange(Number.isNaN(at.getTime()) ? '' : at.toISOString());
        }}
      />
    );
  return (
    <TextInput
      {...common}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(schema.maxLength === undefined ? {} : { maxLength: schema.maxLength })}
    />
  );
}

function Items({ action, schema, root, label, value, onChange, violations, path }: LabelledProps) {
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const item = schema.items ?? {};
  const own = resolved(item, root);
  const error = violations.find((one) => one.path === path)?.message;
  const isFull = schema.maxItems !== undefined && items.length >= schema.maxItems;
  return (
    <Group label={label}>
      {error !== undefined && <p className={classes.error}>{error}</p>}
      <ol className={classes.items}>
        {items.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry has nothing else that tells it apart
          <li key={index}>
            <Field
              label={`${label} ${index + 1}`}
              hidesLabel={own.type !== 'object'}
              action={action}
              schema={own}
              root={root}
              value={one}
              onChange={(next) => onChange(items.with(index, next))}
              violations={violations}
              path={`${path}[${index}]`}
            />
            <Button
              variant="subtle"
              color="gray"
              aria-label={`Remove ${label} ${index + 1}`}
              onClick={() => onChange(items.toSpliced(index, 1))}
            >
              <CrossIcon width="12" height="12" />
            </Button>
          </li>
        ))}
      </ol>
      <Button variant="default" disabled={isFull} onClick={() => onChange([...items, firstValueOf(item, root)])}>
        Add to {label}
      </Button>
    </Group>
  );
}

function Group({ label, children }: { label: string | undefined; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      {label !== undefined && <legend>{label}</legend>}
      {children}
    </fieldset>
  );
}

function without(value: Record<string, unknown>, name: string): Record<string, unknown> {
  const { [name]: _gone, ...rest } = value;
  return rest;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
