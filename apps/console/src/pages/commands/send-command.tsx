import { Button, Select } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { versionOf } from '../../commands/commands-for.ts';
import type { OcppVersion } from '../../commands/quick-actions.ts';
import { firstValueOf, type Violation, violationsOf } from '../../commands/schema.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SchemaForm } from '../../components/schema-form/schema-form.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { Targets } from '../../components/targets.tsx';
import { useActions, useRequestSchema } from '../../data/actions.ts';
import { useChargePoint } from '../../data/charge-points.ts';
import { type CommandToMany, useSendToMany } from '../../data/commands.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { useUrlTargets } from '../../data/url-targets.ts';
import { Favourites } from './favourites.tsx';
import { JsonEditor } from './json-editor.tsx';
import { ResultMatrix } from './result-matrix.tsx';
import { SameAs } from './same-as.tsx';
import classes from './send-command.module.css';

const kinds = { action: 'text', payload: 'text' } as const;

/** To whom, what, and with which content; what came of it stands below, as it comes. */
export function SendCommand() {
  const [to, setTo] = useUrlTargets();
  const [{ action, payload: given }, setChosen] = useUrlFilters(kinds);
  const version = useVersionOf(to[0]);
  const { data: actions = [] } = useActions(version ?? 'ocpp1.6');
  const { data: schema, error: schemaError } = useRequestSchema(version ?? 'ocpp1.6', version && action);
  const [payload, setPayload] = useState<unknown>(() => parsed(given));
  const [notJson, setNotJson] = useState<string>();
  const [sent, setSent] = useState<CommandToMany>();
  const { mutate, data: results, isPending, error, reset } = useSendToMany({ wait: false });

  const written = useRef({ action, payload });
  written.current.payload = payload;

  // Another action has other members; another version of the same may take what was written for the first.
  useEffect(() => {
    if (schema === undefined) return;
    const { action: before, payload: typed } = written.current;
    written.current.action = action;
    const isStillRight = before === action && typed !== undefined && violationsOf(typed, schema).length === 0;
    if (!isStillRight) setPayload(parsed(given) ?? firstValueOf(schema, schema));
  }, [schema, given, action]);

  const violations: readonly Violation[] =
    schema === undefined || payload === undefined ? [] : violationsOf(payload, schema);
  const command = action === undefined || payload === undefined ? undefined : { chargePoints: to, action, payload };

  function send(): void {
    if (command === undefined) return;
    reset();
    setSent(command);
    mutate([command]);
  }

  return (
    <Scrolling className={classes.page} label="Send">
      <Favourites
        current={command}
        choose={(favourite) => {
          setPayload(favourite.payload);
          setChosen({ action: favourite.action, payload: JSON.stringify(favourite.payload) });
        }}
      />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Targets chosen={to} onChange={setTo} />
          <Select
            label={`Command of ${(version ?? 'ocpp1.6').replace('ocpp', 'OCPP ')}`}
            description={
              to.length > 1 && `As ${to[0]} speaks it. Those of another version are told apart in the results.`
            }
            placeholder="Choose one"
            data={actions}
            value={action ?? null}
            onChange={(next) => setChosen({ action: next ?? undefined, payload: undefined })}
            searchable
            clearable
          />
          {schemaError && <ProblemAlert error={schemaError} what={`${action} cannot be sent`} />}
          {action && schema && payload !== undefined && (
            <SchemaForm action={action} schema={schema} value={payload} onChange={setPayload} violations={violations} />
          )}
        </div>
        {command && schema && (
          <div className={classes.column}>
            <JsonEditor value={payload} onChange={setPayload} onFault={setNotJson} violations={violations} />
            <SameAs command={command} />
          </div>
        )}
      </div>
      <div className={classes.foot}>
        <ActionButton
          needs="operator"
          variant="filled"
          size="sm"
          mayNot={whyNot({ to, action, violations, notJson })}
          loading={isPending}
          onClick={send}
        >
          {to.length > 1 ? `Send to ${to.length} charge points` : 'Send'}
        </ActionButton>
        {results && (
          <Button variant="subtle" color="gray" size="sm" onClick={reset}>
            Clear the results
          </Button>
        )}
      </div>
      {error && <ProblemAlert error={error} what="It was not sent" />}
      {results && sent && (
        <ResultMatrix
          key={results[0]?.commandId ?? results[0]?.chargePoint}
          action={sent.action}
          results={results}
          sendAgain={setTo}
        />
      )}
    </Scrolling>
  );
}

/**
 * Of the first that was chosen: the others get the same, and those that do not understand it are told apart. Undefined:
 * it is being asked.
 */
function useVersionOf(networkId: string | undefined): OcppVersion | undefined {
  const { data, isLoading } = useChargePoint(networkId ?? '', networkId !== undefined);
  if (data !== undefined) return versionOf(data.connection);
  return isLoading ? undefined : 'ocpp1.6';
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Readiness {
  to: readonly string[];
  action: string | undefined;
  violations: readonly Violation[];
  notJson: string | undefined;
}

function whyNot({ to, action, violations, notJson }: Readiness): string | undefined {
  if (to.length === 0) return 'Choose to whom it goes.';
  if (action === undefined) return 'Choose what is sent.';
  if (notJson !== undefined) return `The JSON cannot be read: ${notJson}`;
  const [first] = violations;
  return first === undefined ? undefined : `${first.path === '' ? 'The content' : first.path} ${first.message}.`;
}
