import { isJsonObject } from '@ocpp-csms/ocpp';
import type { Commands } from '../commands/commands.ts';
import { keyName, variableName } from '../provisioning/setting-name.ts';
import { settingName, type TemplateSetting } from './template.ts';

/** How settings are read and written in one of the two dialects. Both throw when the charge point does not answer. */
export interface Dialect {
  /** The present values, by name; what does not exist is missing, what can't be read is null. */
  read(settings: readonly TemplateSetting[]): Promise<Map<string, string | null>>;
  /** So many can be written in one message. */
  writesAtOnce: number;
  /** One message. `Accepted`, `RebootRequired`, `Rejected`, … by name. */
  write(settings: readonly TemplateSetting[]): Promise<Map<string, string>>;
}

type Execute = (action: string, payload: unknown) => Promise<Record<string, unknown>>;

/** A charge point that takes fewer in one message says so by ItemsPerMessageGetVariables and …SetVariables (B05.FR.11, B06.FR.16). */
export interface ChunkSizes {
  get: number;
  set: number;
}

export function createExecute(commands: Pick<Commands, 'execute'>, chargePoint: string): Execute {
  return async (action, payload) => {
    const { status, response, error } = await commands.execute({
      chargePoint,
      action,
      payload,
      requestedBy: 'template',
    });
    if (status === 'answered' && isJsonObject(response)) return response;
    throw new Error(`${action}: ${error?.description ?? status}`);
  };
}

export function dialect16(execute: Execute, chunks: ChunkSizes): Dialect {
  return {
    async read(settings) {
      const values = new Map<string, string | null>();
      for (const chunk of chunked(settings, chunks.get)) {
        const { configurationKey } = await execute('GetConfiguration', { key: chunk.map(({ key }) => key) });
        for (const { key, value } of objectsIn(configurationKey))
          if (typeof key === 'string') values.set(keyName(key), typeof value === 'string' ? value : null);
      }
      return values;
    },
    writesAtOnce: 1,
    async write(settings) {
      const outcomes = new Map<string, string>();
      for (const { key = '', value } of settings) {
        const { status } = await execute('ChangeConfiguration', { key, value });
        outcomes.set(keyName(key), String(status));
      }
      return outcomes;
    },
  };
}

export function dialect2(execute: Execute, chunks: ChunkSizes): Dialect {
  return {
    async read(settings) {
      const values = new Map<string, string | null>();
      for (const chunk of chunked(settings, chunks.get)) {
        const getVariableData = chunk.map(({ component, variable }) => ({ component, variable }));
        const { getVariableResult } = await execute('GetVariables', { getVariableData });
        for (const result of objectsIn(getVariableResult)) {
          const exists = result.attributeStatus === 'Accepted' || result.attributeStatus === 'Rejected';
          if (exists)
            values.set(nameOf(result), typeof result.attributeValue === 'string' ? result.attributeValue : null);
        }
      }
      return values;
    },
    writesAtOnce: chunks.set,
    async write(settings) {
      const setVariableData = settings.map(({ component, variable, value }) => ({
        component,
        variable,
        attributeValue: value,
      }));
      const { setVariableResult } = await execute('SetVariables', { setVariableData });
      return new Map(objectsIn(setVariableResult).map((result) => [nameOf(result), String(result.attributeStatus)]));
    },
  };
}

const objectsIn = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);

function nameOf({ component, variable }: Record<string, unknown>): string {
  return variableName({ component, variable } as Parameters<typeof variableName>[0]);
}

function chunked<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

export interface SettingResult {
  name: string;
  desired: string;
  actual: string | null;
  /** `unchanged`, `not-there`, `left` (with why), or what the charge point said. */
  outcome: string;
}

export interface Applying {
  /** Why a setting is not to be written now. */
  leave(name: string, value: string): string | undefined;
  /** Remembers what is about to be written: a charge point may reboot instead of answering. */
  begin(settings: readonly TemplateSetting[]): Promise<void>;
}

/** No answer to a write. */
export const noAnswer = 'no-answer';

/** Reads before it writes, and writes what differs alone. */
export async function applySettings(
  settings: readonly TemplateSetting[],
  dialect: Dialect,
  { leave, begin }: Applying,
): Promise<SettingResult[]> {
  const actual = await dialect.read(settings);
  const results = settings.map((setting): SettingResult & { setting: TemplateSetting } => {
    const name = settingName(setting);
    const is = actual.get(name);
    const reason = leave(name, setting.value);
    const outcome =
      is === undefined
        ? 'not-there'
        : is === setting.value
          ? 'unchanged'
          : reason === undefined
            ? 'write'
            : `left: ${reason}`;
    return { name, desired: setting.value, actual: is ?? null, outcome, setting };
  });
  const toWrite = results.filter(({ outcome }) => outcome === 'write').map(({ setting }) => setting);
  const written = new Map<string, string>();
  for (const chunk of chunked(toWrite, dialect.writesAtOnce)) {
    await begin(chunk);
    for (const [name, outcome] of await dialect.write(chunk)) written.set(name, outcome);
  }
  return results.map(({ setting: _setting, ...result }) =>
    result.outcome === 'write' ? { ...result, outcome: written.get(result.name) ?? noAnswer } : result,
  );
}
