import { type SettingSchema, type Settings, settingSections } from './schema.ts';

/** A fresh copy of all defaults. */
export function defaultSettings(): Settings {
  const sections = Object.entries(settingSections).map(([name, section]) => [name, sectionDefaults(section)]);
  return Object.fromEntries(sections) as Settings;
}

function sectionDefaults({ properties = {} }: SettingSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, { default: value }]) => [key, structuredClone(value)]),
  );
}
