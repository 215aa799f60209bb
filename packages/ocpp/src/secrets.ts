import { isJsonObject, type JsonObject } from './json.ts';

const hidden = '***';

/** The actions that may carry a secret, in the request or in the response. The others are not searched: they are most. */
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

/**
 * 1.6 AuthorizationKey (J16 errata 3.12) and 2.x BasicAuthPassword, VpnPassword, VpnKey, ApnPassword, SimPin,
 * SharedSecret (part 2 appendices), and what vendors name alike.
 */
const secretVariable = /authorizationkey|password|passwd|secret|vpnkey|simpin|apikey|psk$/i;

/** Members of SetNetworkProfile (its `apn` and `vpn` included) that are secrets themselves. */
const secretMember = new Set(['apnPassword', 'basicAuthPassword', 'key', 'password', 'simPin']);

/** `ftp://user:password@host`. A password may itself contain `@`: the last one before the path ends it. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):[^\s/?#]*@/gi;

/**
 * Hides passwords and keys before a payload is shown or stored. The payload itself comes back when nothing in it is
 * secret; otherwise a copy with "***" in their places. Takes requests and responses.
 */
export function redact(action: string, payload: unknown): unknown {
  return searched.has(action) ? redactValue(payload, action === 'SetNetworkProfile', deepest) : payload;
}

/** Deeper than any frame that is let in. */
const deepest = 40;

function redactValue(value: unknown, isProfile: boolean, levels: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (levels === 0) return value;
  if (Array.isArray(value)) return redactList(value, isProfile, levels);
  return isJsonObject(value) ? redactObject(value, isProfile, levels) : value;
}

function redactText(text: string): string {
  return text.includes('://') && text.includes('@') ? text.replace(urlPassword, `$1:${hidden}@`) : text;
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
    if (isSecret && (name === 'value' || name === 'attributeValue' || name === 'actualValue')) return [name, hidden];
    if (isSecret && name === 'variableAttribute') return [name, hideValues(value)];
    return [name, redactValue(value, isProfile, levels - 1)];
  });
  return entries.some(([name, value]) => value !== object[name]) ? Object.fromEntries(entries) : object;
}

/** `{ key: 'AuthorizationKey', value }` in 1.6, `{ variable: { name: 'BasicAuthPassword' }, attributeValue }` in 2.x. */
function isSecretVariable({ key, variable }: JsonObject): boolean {
  if (typeof key === 'string') return secretVariable.test(key);
  if (!isJsonObject(variable) || typeof variable.name !== 'string') return false;
  return secretVariable.test(variable.name);
}

/** The attributes of a variable in NotifyReport. */
function hideValues(attributes: unknown): unknown {
  if (!Array.isArray(attributes)) return hidden;
  return attributes.map((attribute) =>
    isJsonObject(attribute) && attribute.value !== undefined ? { ...attribute, value: hidden } : attribute,
  );
}
