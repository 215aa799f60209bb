import type { Token } from '../authorization/token-store.ts';
import { tokenKey } from '../authorization/token-store.ts';

/** An entry of a local authorization list, in either dialect. */
export interface LocalListEntry {
  idToken: string;
  /** 2.x. */
  type?: string;
  status: string;
  expiresAt?: string;
  parentIdToken?: string;
}

/** What SendLocalList changes: entries to have, and id tokens to take off. */
export interface ListChanges {
  entries: readonly LocalListEntry[];
  removed: readonly { idToken: string; type?: string }[];
}

const longestIdTag = 20;

/** What a charge point should have in its list: the tokens that are allowed there. */
export function listFor(networkId: string, tokens: readonly Token[], { is16 }: { is16: boolean }): LocalListEntry[] {
  return tokens
    .filter(({ chargePoints }) => chargePoints.length === 0 || chargePoints.includes(networkId))
    .filter(({ idToken }) => !is16 || idToken.length <= longestIdTag)
    .map(({ idToken, type, status, expiresAt, parentIdToken }) => ({
      idToken,
      ...(is16 ? {} : { type: type ?? 'ISO14443' }),
      status,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(parentIdToken === undefined ? {} : { parentIdToken }),
    }));
}

/** Two entries are for the same token when id and type are the same (C01.FR.25); 1.6 has no types. */
function entryKey({ idToken, type = '' }: { idToken: string; type?: string }): string {
  return `${type} ${tokenKey(idToken)}`;
}

/** From one list to another. */
export function differenceOf(from: readonly LocalListEntry[], to: readonly LocalListEntry[]): ListChanges {
  const before = new Map(from.map((entry) => [entryKey(entry), canonical(entry)]));
  const wanted = new Set(to.map(entryKey));
  return {
    entries: to.filter((entry) => before.get(entryKey(entry)) !== canonical(entry)),
    removed: from.filter((entry) => !wanted.has(entryKey(entry))).map(({ idToken, type }) => ({ idToken, type })),
  };
}

function canonical({ idToken, type, status, expiresAt, parentIdToken }: LocalListEntry): string {
  return JSON.stringify([idToken, type, status, expiresAt, parentIdToken]);
}

export function applyChanges(list: readonly LocalListEntry[], { entries, removed }: ListChanges): LocalListEntry[] {
  const result = new Map(list.map((entry) => [entryKey(entry), entry]));
  for (const entry of removed) result.delete(entryKey(entry));
  for (const entry of entries) result.set(entryKey(entry), entry);
  return [...result.values()];
}
