import { isPlainObject, suggestion } from './problems.ts';
import { type SettingSchema, settingSections } from './schema.ts';

export interface EnvironmentSetting {
  path: readonly [section: string, key: string];
  schema: SettingSchema;
}

/** `csmsServer.pingIntervalSeconds` → `CSMS_CSMS_SERVER_PING_INTERVAL_SECONDS`. */
export function variableName(path: readonly string[]): string {
  const words = path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase());
  return `CSMS_${words.join('_')}`;
}

const settingsByVariable: ReadonlyMap<string, EnvironmentSetting> = new Map(
  Object.entries(settingSections).flatMap(([section, { properties = {} }]) =>
    Object.entries(properties).map(([key, schema]): [string, EnvironmentSetting] => [
      variableName([section, key]),
      { path: [section, key], schema },
    ]),
  ),
);

/** For `ocpp-csms` as a client: where the API is, and with which key. They set nothing here. */
const ofTheClient = new Set(['CSMS_URL', 'CSMS_API_KEY']);

export interface EnvironmentValue extends EnvironmentSetting {
  variable: string;
  value: unknown;
}

/** The settings in the environment. Variables that start with `CSMS_` and name no setting are problems. */
export function readEnvironment(env: NodeJS.ProcessEnv, problems: string[]): EnvironmentValue[] {
  const values: EnvironmentValue[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('CSMS_') || text === undefined || ofTheClient.has(variable)) continue;
    const setting = settingsByVariable.get(variable);
    if (setting) values.push({ ...setting, variable, value: fromText(setting.schema, text) });
    else problems.push(`${variable}: there is no such setting${suggestion(variable, [...settingsByVariable.keys()])}`);
  }
  return [...values, ...portOfCloudRun(env)];
}

/** Cloud Run sends requests to the port that it puts into PORT; `CSMS_HTTP_PORT` is for what stands behind another program there. */
function portOfCloudRun({ K_SERVICE, PORT, CSMS_HTTP_PORT }: NodeJS.ProcessEnv): EnvironmentValue[] {
  const setting = settingsByVariable.get('CSMS_HTTP_PORT');
  if (!K_SERVICE || !PORT || CSMS_HTTP_PORT !== undefined || !setting) return [];
  return [{ ...setting, variable: 'PORT', value: fromText(setting.schema, PORT) }];
}

/** Text that is not of the type stays text, and the check that follows says so. */
function fromText(schema: SettingSchema, text: string): unknown {
  if (schema.type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (schema.type === 'array' || schema.type === 'object') return fromJson(text);
  return text;
}

function fromJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) || isPlainObject(value) ? value : text;
  } catch {
    return text;
  }
}
