import { type Static, Type } from '@ocpp-csms/http';
import type { Reader } from '../context.ts';
import { component, isSecretName, keyName, variable, variableName } from '../provisioning/setting-name.ts';

/** One wish: a key of 1.6 or a variable of 2.x, and the value that it shall have. */
export const templateSetting = Type.Object(
  {
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: '1.6' })),
    component: Type.Optional(component),
    variable: Type.Optional(variable),
    value: Type.String({ maxLength: 2500 }),
  },
  { additionalProperties: false, title: 'TemplateSetting' },
);
export type TemplateSetting = Static<typeof templateSetting>;

/** What is wrong with a setting, in words. */
export function settingFault({ key, component, variable }: TemplateSetting): string | undefined {
  if (key !== undefined && (component || variable))
    return 'has both a key (1.6) and a component or variable (2.x): make two settings of it';
  if (key === undefined && !(component && variable)) return 'needs a key (1.6), or a component and a variable (2.x)';
  if (isSecretName(key ?? variable?.name ?? ''))
    return 'is a secret, and secrets are not kept in templates: send a command, or change the password of the charge point';
  return undefined;
}

/** The name under which the configuration of a charge point is kept. */
export function settingName({ key, component, variable }: TemplateSetting): string {
  if (key !== undefined) return keyName(key);
  return component && variable ? variableName({ component, variable }) : '';
}

/** The settings that concern this version. */
export function settingsFor(settings: readonly TemplateSetting[], protocol: string | null): TemplateSetting[] {
  return settings.filter(({ key }) => (key !== undefined) === (protocol === 'ocpp1.6'));
}

export async function templateSettings(reader: Reader, templateId: string): Promise<TemplateSetting[] | undefined> {
  const row = await reader
    .selectFrom('template')
    .select('settings')
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  return row && (JSON.parse(row.settings) as TemplateSetting[]);
}
