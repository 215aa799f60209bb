import { readFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { castOf } from './cast.ts';
import { checkSchema, type Problem } from './check-schema.ts';
import { faults } from './faults.ts';
import { type Scenario, type ScenarioFault, scenarioSchema } from './schema.ts';
import { momentOf, secondsOf, windowOf } from './times.ts';

/** A scenario that cannot be played; the message has all that is wrong, with the lines. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(file: string, problems: readonly { line?: number | undefined; words: string }[]) {
    const inOrder = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const lines = inOrder.map(({ line, words }) => (line === undefined ? `  ${words}` : `  line ${line}: ${words}`));
    super(`${file} can not be played:\n${lines.join('\n')}`);
  }
}

export function readScenarioFile(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ScenarioError(file, [{ words: error instanceof Error ? error.message : String(error) }]);
  }
  return readScenario(text, file);
}

/** Throws a ScenarioError with everything that is wrong at once. */
export function readScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    throw new ScenarioError(
      file,
      document.errors.map(({ message }) => ({ words: `is not valid YAML: ${message.split('\n', 1)[0]}` })),
    );
  const located = ({ path, words }: Problem) => ({ line: lineOf(document, lines, path), words });
  const content: unknown = document.toJS();
  const problems: Problem[] = [];
  checkSchema(scenarioSchema as TSchema, content, [], problems);
  if (problems.length > 0 || !Value.Check(scenarioSchema, content))
    throw new ScenarioError(file, problems.map(located));
  const more = togetherProblems(content);
  if (more.length > 0) throw new ScenarioError(file, more.map(located));
  return content;
}

/** Of a key or an element; of what is around it when it is not there. */
function lineOf(document: Document, lines: LineCounter, path: Problem['path']): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node = pair?.key ?? (length === 0 ? document.contents : document.getIn(path.slice(0, length), true));
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lines.linePos(Number(node.range[0])).line;
  }
  return undefined;
}

/** What one value alone cannot show. */
function togetherProblems(scenario: Scenario): Problem[] {
  const sites = new Set(scenario.sites.map(({ name }) => name));
  const members = castOf(scenario, { speed: 1, seed: 1 });
  const ids = new Set(members.map(({ id }) => id));
  return [
    ...duplicates(scenario),
    ...members.flatMap(({ id }, index) =>
      members.findIndex((other) => other.id === id) < index
        ? [{ path: ['sites'], words: `two charge points are called ${id}` }]
        : [],
    ),
    ...scenario.sites.flatMap((site, index) =>
      site['charge-points'].flatMap(({ cars = [] }, group) =>
        cars.flatMap(({ between }, car) =>
          windowOf(between).from < windowOf(between).to
            ? []
            : [
                {
                  path: ['sites', index, 'charge-points', group, 'cars', car, 'between'],
                  words: `between: the first time must be before the second (is ${between})`,
                },
              ],
        ),
      ),
    ),
    ...(scenario.faults ?? []).flatMap((fault, index) =>
      faultProblems(fault, { sites, ids, end: secondsOf(scenario.duration) }).map(([key, words]) => ({
        path: ['faults', index, key],
        words,
      })),
    ),
  ];
}

function duplicates({ sites }: Scenario): Problem[] {
  const names = sites.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: ['sites', index, 'name'], words: `two sites are called ${name}` }] : [],
  );
}

function faultProblems(
  entry: ScenarioFault,
  { sites, ids, end }: { sites: ReadonlySet<string>; ids: ReadonlySet<string>; end: number },
): [key: string, words: string][] {
  const { fault: name, site, 'charge-point': id } = entry;
  const { allows = [], needs = [], isMoment } = faults[name];
  const problems: [string, string][] = [];
  if (momentOf(entry.at) >= end) problems.push(['at', `at: ${entry.at} is after the end`]);
  if (site !== undefined && id !== undefined) problems.push(['site', 'site, or charge-point: not both']);
  if (site !== undefined && !sites.has(site)) problems.push(['site', `site: there is no ${site}`]);
  if (id !== undefined && !ids.has(id)) problems.push(['charge-point', `charge-point: there is no ${id}`]);
  if (isMoment && entry.for !== undefined) problems.push(['for', `for: a ${name} takes no time`]);
  for (const key of ['quirk', 'to', 'up', 'down'] as const) {
    const has = entry[key] !== undefined;
    if (has && ![...allows, ...needs].includes(key)) problems.push([key, `${key}: says nothing about a ${name}`]);
    if (!has && needs.includes(key)) problems.push(['fault', `${name} needs a ${key}`]);
  }
  return problems;
}
