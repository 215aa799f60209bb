import { Problem } from '@ocpp-csms/http';

const longest = 48;

/** What is wrong with a networkId, in words; undefined when nothing is (J21 §3.1.1: at most 48 characters, no colon). */
export function networkIdFault(networkId: string): string | undefined {
  if (networkId === '') return 'networkId is empty';
  if (networkId.length > longest) return `networkId has ${networkId.length} characters; OCPP allows ${longest}`;
  if (networkId.includes(':')) return 'networkId contains ":", which separates user name and password in HTTP Basic';
  if (networkId.includes('/')) return 'networkId contains "/", which separates the steps of the URL';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f-\x9f]/.test(networkId)) return 'networkId contains a control character';
  if (networkId.trim() !== networkId) return 'networkId begins or ends with a space';
  return undefined;
}

/** Throws a 400 `Problem` that says what is wrong. */
export function checkNetworkId(networkId: string): void {
  const fault = networkIdFault(networkId);
  if (fault === undefined) return;
  throw new Problem(400, 'invalid-network-id', `${fault}.`, { errors: [{ path: 'body.networkId', message: fault }] });
}
