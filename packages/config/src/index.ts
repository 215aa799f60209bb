export { defaultSettings } from './defaults.ts';
export { variableName } from './environment.ts';
export { exampleYaml } from './example.ts';
export { type DeepPartial, type LoadedSettings, type LoadOptions, loadSettings, SettingsError } from './load.ts';
export { type Settings, settingsSchema } from './schema.ts';
export { maskSecrets } from './secrets.ts';
export { settingsYaml } from './show.ts';
