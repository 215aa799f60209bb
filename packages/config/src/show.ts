import { yamlValue } from './example.ts';
import type { LoadedSettings } from './load.ts';
import { maskSecrets } from './secrets.ts';

/** The settings as they are now, as YAML, without what is secret; behind each that is not the default, where it is from. */
export function settingsYaml({ settings, source, origins }: LoadedSettings): string {
  const sections = Object.entries(maskSecrets(settings)).map(([name, section]) => {
    const lines = Object.entries(section).map(([key, value]) => {
      const line = `  ${key}: ${yamlValue(value)}`;
      const origin = origins.get(`${name}.${key}`);
      return origin === undefined ? line : `${line.padEnd(39)} # ${origin}`;
    });
    return [`${name}:`, ...lines].join('\n');
  });
  return [`# ${source}`, ...sections, ''].join('\n');
}
