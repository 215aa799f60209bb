import type { Schema, SchemaFile } from '../src/validate/schema.ts';
import { banner } from './banner.ts';

/** Writes `types.ts`: an interface per definition, and `Requests` and `Responses` with a member per action. */
export function renderTypes({ definitions, requests, responses }: SchemaFile): string {
  return [
    banner,
    ...Object.entries(definitions).map(([name, schema]) => renderDefinition(name, schema)),
    renderInterface('Requests', requests),
    renderInterface('Responses', responses),
  ].join('\n');
}

function renderDefinition(name: string, schema: Schema): string {
  if (schema.type === 'object') return `export interface ${name} ${renderObject(schema, '')}\n`;
  return `export type ${name} = ${renderType(schema, '')};\n`;
}

function renderInterface(name: string, members: Record<string, Schema>): string {
  const lines = Object.entries(members).map(([action, schema]) => `  ${action}: ${renderType(schema, '  ')};\n`);
  return `export interface ${name} {\n${lines.join('')}}\n`;
}

function renderType(schema: Schema, indent: string): string {
  if (schema.$ref) return schema.$ref.slice('#/definitions/'.length);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  switch (schema.type) {
    case 'object':
      return renderObject(schema, indent);
    case 'array':
      return renderArray(schema.items ?? {}, indent);
    case 'integer':
      return 'number';
    default:
      return schema.type ?? 'unknown';
  }
}

function renderArray(items: Schema, indent: string): string {
  const element = renderType(items, indent);
  return items.enum ? `(${element})[]` : `${element}[]`;
}

function renderObject(schema: Schema, indent: string): string {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    return `${indent}  ${name}${optional}: ${renderType(member, `${indent}  `)};\n`;
  });
  if (schema.additionalProperties !== false) members.push(`${indent}  [member: string]: unknown;\n`);
  if (members.length === 0) return 'Record<string, never>';
  return `{\n${members.join('')}${indent}}`;
}
