import { variableName } from './environment.ts';
import { type SettingSchema, settingSections } from './schema.ts';

const head = `# Settings of ocpp-csms. Generated from packages/config/src/schema.ts by \`npm run generate\`.
#
# Copy this file to conf.yaml (or cfg/conf.yaml, or start with --config FILE) and take the # away from what you
# change. Everything shown is the default. Each setting can also come from the environment, which is stronger
# than the file; its variable is in brackets. Lists are given there as JSON.
`;

const width = 110;

/** The text of `conf.example.yaml`: every setting with its default, commented out. */
export function exampleYaml(): string {
  return [head, ...Object.entries(settingSections).map(([name, section]) => exampleSection(name, section))].join('\n');
}

function exampleSection(name: string, { description = '', properties = {} }: SettingSchema): string {
  const settings = Object.entries(properties).map(([key, schema]) => exampleSetting(name, key, schema));
  return [...comment(description, ''), `${name}:`, ...settings].join('\n').concat('\n');
}

function exampleSetting(section: string, key: string, schema: SettingSchema): string {
  const about = `${schema.description} ${bounds(schema)}[${variableName([section, key])}]`;
  return [...comment(about, '  '), `  # ${key}: ${yamlValue(schema.default)}`].join('\n');
}

function bounds({ enum: values, minimum, maximum }: SettingSchema): string {
  if (values) return `One of ${values.join(', ')}. `;
  return minimum === undefined ? '' : `${minimum} to ${maximum}. `;
}

/** JSON is YAML; only plain words are shown without quotes. */
export function yamlValue(value: unknown): string {
  return typeof value === 'string' && /^[./]?[A-Za-z./][A-Za-z0-9./_-]*$/.test(value) ? value : JSON.stringify(value);
}

function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${indent}## ${last} ${word}`.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}## ${line}`);
}
