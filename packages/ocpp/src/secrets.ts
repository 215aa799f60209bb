import { actionsOf } from './actions.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { ocppVersions } from './versions.ts';

const hidden = '***';

/** The actions that may carry a secret, in the request or in the response. */
const searched = new Set([
  'ChangeConfiguration',
  'DataTransfer',
  'GetConfiguration',
  'GetDiagnostics',
  'GetLog',
  'GetVariables',
  'NotifyEvent',
  'NotifyReport',
  'PublishFirmware',
  'PublishFirmwareStatusNotification',
  'SetNetworkProfile',
  'SetVariables',
  'SignedUpdateFirmware',
  'UnpublishFirmware',
  'UpdateFirmware',
]);

/** The others that are known are not searched: they are most. */
const harmless = new Set(
  ocppVersions
    .flatMap((version) => actionsOf(version).map(({ action }) => action))
    .filter((name) => !searched.has(name)),
);

/**
 * 1.6 AuthorizationKey (J16 errata 3.12) and 2.x BasicAuthPassword, VpnPassword, VpnKey, ApnPassword, SimPin,
 * SharedSecret (part 2 appendices), and what vendors name alike.
 */
const secretVariable = /authorizationkey|password|passwd|secret|vpnkey|simpin|apikey|psk\b/i;

/** `"password": "…"` in a text that is JSON, also when its quotes are escaped. */
const quotedSecret = new RegExp(
  `(\\\\?"[^"\\\\]*(?:${secretVariable.source})[^"\\\\]*\\\\?"\\s*:\\s*\\\\?")[^"\\\\]*`,
  'gi',
);

/** Members of SetNetworkProfile (its `apn` and `vpn` included) that are secrets themselves. */
const secretMember = new Set(['apnPassword', 'basicAuthPassword', 'key', 'password', 'simPin']);

/** `ftp://user:password@host`. A password may itself contain `@`: the last one before the path ends it. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):[^\s/?#]*@/gi;

/**
 * Hides passwords and keys before a payload is shown or stored. The payload itself comes back when nothing in it is
 * secret; otherwise a copy with "***" in their places. Takes requests and responses.
 */
export function redact(action: string, payload: unknown): unknown {
  return harmless.has(action) ? payload : redactValue(payload, action === 'SetNetworkProfile', deepest);
}

/** A frame that could not be read, before it is kept: when it names a secret, anything in it may be that secret. */
export function redactUnread(text: string): string {
  return secretVariable.test(text) ? `${hidden} (not kept: it names a secret)` : redactText(text);
}

/** Deeper than any frame that is let in. */
const deepest = 40;

function redactValue(value: unknown, isProfile: boolean, levels: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (levels === 0) return value;
  if (Array.isArray(value)) return redactList(value, isProfile, levels);
  return isJsonObject(value) ? redactObject(value, isProfile, levels) : value;
}

/** Hides what stands in a text: passwords of URLs, and members of JSON that are named like a secret. */
export function redactText(text: string): string {
  const safe = text.includes('://') && text.includes('@') ? text.replace(urlPassword, `$1:${hidden}@`) : text;
  return secretVariable.test(safe) ? safe.replace(quotedSecret, `$1${hidden}`) : safe;
}

function redactList(list: readonly unknown[], isProfile: boolean, levels: number): unknown {
  const copy = list.map((element) => redactValue(element, isProfile, levels - 1));
  return copy.some((element, index) => element !== list[index]) ? copy : list;
}

function redactObject(object: JsonObject, isProfile: boolean, levels: number): unknown {
  const isSecret = isSecretVariable(object);
  const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
    if (value === null || value === undefined) return [name, value];
    if (isProfile && secretMember.has(name)) return [name, hidden];
    if (typeof value !== 'object' && secretVariable.test(name)) return [name, hidden];
    if (isSecret && secretValue.test(name)) return [name, hidden];
    if (isSecret && /^variableattribute$/i.test(name)) return [name, hideValues(value)];
    return [name, redactValue(value, isProfile, levels - 1)];
  });
  return entries.some(([name, value]) => value !== object[name]) ? Object.fromEntries(entries) : object;
}

const secretValue = /^(?:value|attributeValue|actualValue)$/i;

/** `{ key: 'AuthorizationKey', value }` in 1.6, `{ variable: { name: 'BasicAuthPassword' }, attributeValue }` in 2.x. */
function isSecretVariable(object: JsonObject): boolean {
  const key = memberOf(object, 'key');
  if (typeof key === 'string') return secretVariable.test(key);
  const variable = memberOf(object, 'variable');
  const name = isJsonObject(variable) ? memberOf(variable, 'name') : undefined;
  return typeof name === 'string' && secretVariable.test(name);
}

/** Whatever its case: `Key` is read as `key` (validate/repair.ts). */
function memberOf(object: JsonObject, name: string): unknown {
  if (object[name] !== undefined) return object[name];
  const given = Object.keys(object).find((known) => known.toLowerCase() === name);
  return given === undefined ? undefined : object[given];
}

/** The attributes of a variable in NotifyReport. */
function hideValues(attributes: unknown): unknown {
  if (!Array.isArray(attributes)) return hidden;
  return attributes.map((attribute) => {
    if (!isJsonObject(attribute) || memberOf(attribute, 'value') === undefined) return attribute;
    return Object.fromEntries(
      Object.entries(attribute).map(([name, value]) => [name, secretValue.test(name) ? hidden : value]),
    );
  });
}
