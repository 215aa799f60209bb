import type { SchemaFile } from '../src/validate/schema.ts';
import { type OcppVersion, ocppVersions } from '../src/versions.ts';
import { banner } from './banner.ts';
import { readSource } from './source.ts';
import { renderTypes } from './types.ts';
import { renderValidators, renderValidatorTypes } from './validators.ts';

/** Every generated file of this package: path from the package's folder, and content. Equal input gives equal output. */
export function generatedFiles(): Map<string, string> {
  const sources = ocppVersions.map((version) => ({ version, schemas: readSource(version) }));
  const files = new Map([['src/generated/actions.ts', renderActions(sources)]]);
  for (const { version, schemas } of sources) {
    const folder = `src/generated/${version}`;
    files.set(`${folder}/schemas.json`, renderSchemas(schemas));
    files.set(`${folder}/types.ts`, renderTypes(schemas));
    files.set(`${folder}/validators.js`, renderValidators(schemas));
    files.set(`${folder}/validators.d.ts`, renderValidatorTypes());
  }
  return files;
}

interface Source {
  version: OcppVersion;
  schemas: SchemaFile;
}

/** A request without a response is a SEND (J21 §4.2.4). */
function renderActions(sources: Source[]): string {
  const lists = sources.map(({ version, schemas }) => {
    const entries = Object.keys(schemas.requests).map((action) => {
      return `    ${action}: '${schemas.responses[action] ? 'call' : 'send'}',\n`;
    });
    return `  '${version}': {\n${entries.join('')}  },\n`;
  });
  return `${banner}\n/** The actions of each version, and whether they are answered. */\nexport const actions = {\n${lists.join('')}} as const;\n`;
}

/** One schema a line: small, and a change is seen as a change of that line. */
function renderSchemas(schemas: SchemaFile): string {
  const parts = Object.entries(schemas).map(([part, table]) => {
    const lines = Object.entries(table).map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`);
    return `${JSON.stringify(part)}:{\n${lines.join(',\n')}\n}`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}
