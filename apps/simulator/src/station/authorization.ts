import type { Settings } from './settings.ts';

export interface TokenInfo {
  /** Accepted, Blocked, Invalid, … */
  status: string;
  expiry?: Date;
  /** parentIdTag, groupIdToken */
  group?: string;
}

export type ListUpdateOutcome = 'Accepted' | 'Failed' | 'VersionMismatch' | 'NotSupported';

export interface LocalListUpdate {
  isFull: boolean;
  version: number;
  /** Without info: the entry goes. */
  entries: readonly { token: string; info?: TokenInfo }[];
}

export interface AuthorizationOptions {
  settings: Settings;
  now(): Date;
  isOnline(): boolean;
  /** Asks the CSMS; undefined when it has no answer. */
  ask(token: string): Promise<TokenInfo | undefined>;
}

/** Who may charge: the local list, the cache, the CSMS (1.6 §3.5, 2.x C10 to C14). */
export interface Authorization {
  readonly listVersion: number;
  readonly listLength: number;
  update(update: LocalListUpdate): ListUpdateOutcome;
  clearCache(): boolean;
  /** What the CSMS said in any answer. */
  heard(token: string, info: TokenInfo): void;
  decide(token: string): Promise<TokenInfo>;
  /** What is known of it here, without asking. */
  known(token: string): TokenInfo | undefined;
}

export function createAuthorization({ settings, now, isOnline, ask }: AuthorizationOptions): Authorization {
  let list = new Map<string, TokenInfo>();
  let listVersion = 0;
  const cache = new Map<string, TokenInfo>();

  const isCurrent = ({ expiry }: TokenInfo) => expiry === undefined || expiry > now();
  function known(token: string): TokenInfo | undefined {
    const info =
      (settings.flag('localList') ? list.get(token) : undefined) ??
      (settings.flag('authorizationCache') ? cache.get(token) : undefined);
    if (info === undefined) return undefined;
    return isCurrent(info) ? info : { ...info, status: 'Expired' };
  }

  function offline(info: TokenInfo | undefined): TokenInfo {
    if (info !== undefined && settings.flag('localAuthorizeOffline')) return info;
    return { status: settings.flag('offlineForUnknown') ? 'Accepted' : 'Invalid' };
  }

  return {
    get listVersion() {
      return settings.flag('localList') ? listVersion : -1;
    },
    get listLength() {
      return list.size;
    },
    known,
    update({ isFull, version, entries }) {
      if (!settings.flag('localList')) return 'NotSupported';
      // 1.6 §5.15, D01.FR.19
      if (!isFull && version <= listVersion) return 'VersionMismatch';
      const next = isFull ? new Map<string, TokenInfo>() : new Map(list);
      for (const { token, info } of entries) {
        if (info === undefined) next.delete(token);
        else next.set(token, info);
      }
      if (next.size > settings.number('listLength')) return 'Failed';
      list = next;
      listVersion = version;
      return 'Accepted';
    },
    clearCache() {
      if (!settings.flag('authorizationCache')) return false;
      cache.clear();
      return true;
    },
    heard(token, info) {
      // 1.6 §3.5.1: what the list says of it must not be overruled by the cache.
      cache.set(token, info);
    },
    async decide(token) {
      const here = known(token);
      if (!isOnline()) return offline(here);
      if (here?.status === 'Accepted' && settings.flag('localPreAuthorize')) return here;
      const info = await ask(token);
      if (info === undefined) return offline(here);
      cache.set(token, info);
      return info;
    },
  };
}
