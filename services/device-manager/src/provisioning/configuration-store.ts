import { sql } from 'kysely';
import type { DeviceContext } from '../context.ts';
import type { ConfigurationTable } from '../schema.ts';
import { type Component, isSecretName, keyName, type Variable, variableName } from './setting-name.ts';

export interface KeyValue {
  key: string;
  value?: string | null;
  readOnly?: boolean;
}

export interface VariableValue {
  component: Component;
  variable: Variable;
  attribute?: string;
  value?: string | null;
  mutability?: string;
  characteristics?: unknown;
}

/** `written-reboot`: it was taken, and is in effect after the next boot. */
export type ConfigurationSource = 'read' | Taken;
type Taken = 'written' | 'written-reboot';

/** What is known of a value after it was set with this answer; undefined: it was not taken. */
export function sourceAfter(status: string): Taken | undefined {
  if (status === 'Accepted') return 'written';
  return status === 'RebootRequired' ? 'written-reboot' : undefined;
}

export function keepKeys(
  networkId: string,
  keys: readonly KeyValue[],
  source: ConfigurationSource,
  context: DeviceContext,
): Promise<void> {
  const at = context.clock.now().toISOString();
  const rows = keys.map(({ key, value, readOnly }) => ({
    ...emptyRow,
    network_id: networkId,
    name: keyName(key),
    key_name: key,
    ...storedValue(key, value),
    read_only: readOnly === undefined ? null : Number(readOnly),
    source,
    at,
  }));
  return upsert(rows, context);
}

export function keepVariables(
  networkId: string,
  values: readonly VariableValue[],
  source: ConfigurationSource,
  context: DeviceContext,
): Promise<void> {
  const at = context.clock.now().toISOString();
  const rows = values.map(({ component, variable, attribute = 'Actual', value, mutability, characteristics }) => ({
    ...emptyRow,
    network_id: networkId,
    name: variableName({ component, variable, attribute }),
    component: JSON.stringify(plain(component)),
    variable: JSON.stringify(plain(variable)),
    attribute,
    ...storedValue(variable.name, value),
    read_only: mutability === undefined ? null : Number(mutability === 'ReadOnly'),
    mutability: mutability ?? null,
    characteristics: characteristics === undefined ? null : JSON.stringify(characteristics),
    source,
    at,
  }));
  return upsert(rows, context);
}

const emptyRow = {
  key_name: null,
  component: null,
  variable: null,
  attribute: 'Actual',
  mutability: null,
  characteristics: null,
};

/** Without what vendors add: it would make two of one. */
function plain<Named extends object>(named: Named): Named {
  const { customData: _customData, ...rest } = named as Named & { customData?: unknown };
  return rest as Named;
}

function storedValue(name: string, value: string | null | undefined): { value: string | null; secret: number } {
  const secret = isSecretName(name);
  return { value: secret ? null : (value ?? null), secret: Number(secret) };
}

/** What a partial report leaves out (mutability, say) stays as a fuller one has told it. */
const kept = (column: 'read_only' | 'mutability' | 'characteristics') =>
  sql<never>`coalesce(excluded.${sql.ref(column)}, configuration.${sql.ref(column)})`;
const taken = (column: 'value' | 'source' | 'at') => sql<never>`excluded.${sql.ref(column)}`;
const rowsAtOnce = 500;

async function upsert(rows: readonly ConfigurationTable[], { tx }: DeviceContext): Promise<void> {
  // One report may name a thing twice; the last counts, and one statement may touch a row only once.
  const unique = [...new Map(rows.map((row) => [row.name, row])).values()];
  for (let start = 0; start < unique.length; start += rowsAtOnce) {
    await tx
      .insertInto('configuration')
      .values(unique.slice(start, start + rowsAtOnce))
      .onConflict((on) =>
        on.columns(['network_id', 'name']).doUpdateSet({
          value: taken('value'),
          source: taken('source'),
          at: taken('at'),
          read_only: kept('read_only'),
          mutability: kept('mutability'),
          characteristics: kept('characteristics'),
        }),
      )
      .execute();
  }
}
