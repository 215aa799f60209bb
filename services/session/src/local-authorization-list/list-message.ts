import type { ListChanges, LocalListEntry } from './local-list.ts';

export type UpdateMode = 'Full' | 'Differential';

/** SendLocalList, in neither dialect. */
export interface ListMessage extends ListChanges {
  version: number;
  mode: UpdateMode;
}

/** 1.6 §6.40. Every entry that stays has idTagInfo; one without is taken off. */
export interface SendLocalList16 {
  listVersion?: number;
  updateType?: string;
  localAuthorizationList?: readonly {
    idTag: string;
    idTagInfo?: { status: string; expiryDate?: string; parentIdTag?: string };
  }[];
}

/** D01. */
export interface SendLocalList2x {
  versionNumber?: number;
  updateType?: string;
  localAuthorizationList?: readonly {
    idToken: { idToken: string; type: string };
    idTokenInfo?: { status: string; cacheExpiryDateTime?: string; groupIdToken?: { idToken: string; type: string } };
  }[];
}

const statuses16 = ['Accepted', 'Blocked', 'Expired', 'Invalid'];
const longestParent16 = 20;

export function write16({ version, mode, entries, removed }: ListMessage): SendLocalList16 {
  const kept = entries.map(({ idToken, status, expiresAt, parentIdToken }) => ({
    idTag: idToken,
    idTagInfo: {
      status: statuses16.includes(status) ? status : 'Invalid',
      ...(expiresAt === undefined ? {} : { expiryDate: expiresAt }),
      ...(parentIdToken === undefined || parentIdToken.length > longestParent16 ? {} : { parentIdTag: parentIdToken }),
    },
  }));
  const gone = removed.map(({ idToken }) => ({ idTag: idToken }));
  return { listVersion: version, updateType: mode, localAuthorizationList: [...kept, ...gone] };
}

export function write2x({ version, mode, entries, removed }: ListMessage): SendLocalList2x {
  const kept = entries.map(({ idToken, type = 'ISO14443', status, expiresAt, parentIdToken }) => ({
    idToken: { idToken, type },
    idTokenInfo: {
      status,
      ...(expiresAt === undefined ? {} : { cacheExpiryDateTime: expiresAt }),
      ...(parentIdToken === undefined ? {} : { groupIdToken: { idToken: parentIdToken, type: 'Central' } }),
    },
  }));
  const gone = removed.map(({ idToken, type = 'ISO14443' }) => ({ idToken: { idToken, type } }));
  const list = [...kept, ...gone];
  // TC_D_04: an empty list is left out, the schema wants at least one entry.
  return { versionNumber: version, updateType: mode, ...(list.length === 0 ? {} : { localAuthorizationList: list }) };
}

export function read16({ listVersion = 0, updateType, localAuthorizationList = [] }: SendLocalList16): ListMessage {
  const entries: LocalListEntry[] = [];
  const removed: { idToken: string }[] = [];
  for (const { idTag, idTagInfo: info } of localAuthorizationList) {
    if (info === undefined) removed.push({ idToken: idTag });
    else entries.push({ idToken: idTag, ...infoOf(info.status, info.expiryDate, info.parentIdTag) });
  }
  return { version: listVersion, mode: modeOf(updateType), entries, removed };
}

export function read2x({ versionNumber = 0, updateType, localAuthorizationList = [] }: SendLocalList2x): ListMessage {
  const entries: LocalListEntry[] = [];
  const removed: { idToken: string; type: string }[] = [];
  for (const { idToken: token, idTokenInfo: info } of localAuthorizationList) {
    const { idToken, type } = token;
    if (info === undefined) removed.push({ idToken, type });
    else entries.push({ idToken, type, ...infoOf(info.status, info.cacheExpiryDateTime, info.groupIdToken?.idToken) });
  }
  return { version: versionNumber, mode: modeOf(updateType), entries, removed };
}

function infoOf(status: string, expiresAt: string | undefined, parentIdToken: string | undefined) {
  return {
    status,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(parentIdToken === undefined ? {} : { parentIdToken }),
  };
}

function modeOf(text: string | undefined): UpdateMode {
  return text === 'Differential' ? 'Differential' : 'Full';
}
