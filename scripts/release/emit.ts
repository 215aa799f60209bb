import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { replaceImports } from '../dependency-rules.ts';
import type { Workspace } from './workspaces.ts';

export interface Emitted {
  /** JavaScript that needs nothing but relative paths and packages of the registry. */
  text: string;
  /** The files of ours that it loads, from the root, as they are called before they are emitted. */
  needs: string[];
}

/** A file that the module loads or starts by its address: a worker, a program. */
const addressPattern = /\bnew URL\(\s*'(\.[^']+)'\s*,\s*import\.meta\.url\s*\)|\bimport\.meta\.resolve\(\s*'([^']+)'/g;

/**
 * The JavaScript of a module. Types become blanks, as when Node.js runs the source, so that a line and column in a
 * stack trace are those of the source. Other workspaces are imported by their path: a package of npm has no room for
 * packages that are in no registry.
 */
export function emitModule(file: string, source: string, workspaces: readonly Workspace[]): Emitted {
  const needs = new Set<string>();
  const point = (specifier: string) => {
    const target = targetOf(specifier, file, workspaces);
    if (target === undefined) return specifier;
    needs.add(target);
    return relativeTo(file, emittedName(target));
  };
  const script = file.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const text = replaceImports(script, point).replace(addressPattern, (whole, beside?: string, resolved?: string) => {
    const specifier = resolved ?? beside ?? '';
    const isData = beside !== undefined && !isCode(beside);
    return isData ? whole : whole.replace(specifier, point(specifier));
  });
  return { text, needs: [...needs] };
}

export const isCode = (file: string): boolean => /\.(?:ts|js|mjs)$/.test(file);

export const emittedName = (file: string): string => file.replace(/\.ts$/, '.js');

function targetOf(specifier: string, file: string, workspaces: readonly Workspace[]): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  const workspace = workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (workspace === undefined) return undefined;
  const entry = workspace.exports[`.${specifier.slice(workspace.name.length)}`];
  if (entry === undefined) throw new Error(`${file} imports ${specifier}, which ${workspace.folder} does not export`);
  return posix.join(workspace.folder, entry);
}

function relativeTo(file: string, target: string): string {
  const path = posix.relative(posix.dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}
