import type { Api } from '@ocpp-csms/testing';

/** What the API of the release said of its data, by path; and what charge points of it need to go on. */
export interface Answers {
  version: string;
  chargePoints: { networkId: string; protocol: string }[];
  /** Of an open 1.6 transaction. */
  openTransaction: number;
  /** Accepted. */
  idToken: string;
  byPath: Record<string, unknown>;
}

export const parseAnswers = (text: string): Answers => JSON.parse(text) as Answers;

/** Members that tell of the process, or that are words for it, and not of the data. */
const ofTheProcess = new Set(['connection', 'nextCursor', 'useUrl', 'words', 'whatToDo']);

export function pathsOf({ chargePoints }: Pick<Answers, 'chargePoints'>): string[] {
  const ofEach = chargePoints.flatMap(({ networkId }) => [
    ...['', '/connectors', '/configuration', '/boots', '/commands', '/charging-profiles'].map(
      (part) => `/device-manager/charge-points/${networkId}${part}`,
    ),
    `/message-manager/messages?client=${networkId}&limit=1000`,
    `/session/local-lists/${networkId}`,
  ]);
  return [
    ...ofEach,
    '/device-manager/charge-points',
    '/device-manager/refused-connections',
    '/device-manager/templates',
    '/session/id-tokens',
    '/session/authorizations',
    '/session/transactions',
    '/session/transactions/orphans',
    '/session/reservations',
    '/message-manager/parked-messages',
  ];
}

export async function readBack(api: Api, paths: readonly string[]): Promise<Record<string, unknown>> {
  const byPath: Record<string, unknown> = {};
  for (const path of paths) {
    byPath[path] = withoutProcess(await api.get(path));
    for (const id of transactionIdsIn(path, byPath[path])) {
      const values = `/session/transactions/${id}/meter-values`;
      byPath[values] = withoutProcess(await api.get(values));
    }
  }
  return byPath;
}

function transactionIdsIn(path: string, answer: unknown): string[] {
  if (path !== '/session/transactions') return [];
  return (answer as { items: { id: string }[] }).items.map(({ id }) => id);
}

function withoutProcess(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProcess);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !ofTheProcess.has(name))
      .map(([name, member]) => [name, withoutProcess(member)]),
  );
}
