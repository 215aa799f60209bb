import type { Bus, DomainEvent, Subscription } from '@ocpp-csms/bus';
import type { Log } from '@ocpp-csms/runtime';

/** The group on Events that reads along for the operator at the terminal. */
export const hintsGroup = 'hints';

const repeatAfterMs = 10 * 60_000;
const rememberedHints = 1000;

/** Says in the log, with the command to type, what a newcomer has to do about a refused charge point or token. At most once in ten minutes each. */
export function giveHints({
  bus,
  log,
  apiUrl,
  keyFile,
  now,
}: {
  bus: Bus;
  log: Log;
  apiUrl: () => string;
  keyFile: string;
  now: () => number;
}): Promise<Subscription> {
  const saidAt = new Map<string, number>();
  const firstInAWhile = (topic: string) => {
    const last = saidAt.get(topic);
    if (last !== undefined && now() - last < repeatAfterMs) return false;
    saidAt.delete(topic);
    saidAt.set(topic, now());
    const oldest = saidAt.keys().next().value;
    if (saidAt.size > rememberedHints && oldest !== undefined) saidAt.delete(oldest);
    return true;
  };
  const curl = (path: string) => `curl -X POST -H "Authorization: Bearer $(cat ${keyFile})" ${apiUrl()}${path}`;
  const hint = (event: DomainEvent) => {
    const topic = `${event.event} ${event.client} ${String(event.data.idToken ?? '')}`;
    const said = hintOf(event, curl);
    if (said !== undefined && firstInAWhile(topic))
      log.warn({ networkId: event.client, command: said.command }, said.sentence);
  };
  return bus.consume('Events', hintsGroup, async (batch) => batch.forEach(hint), {
    only: new Set(['ConnectionRefused', 'IdTokenRefused']),
  });
}

function hintOf(
  { event, client, data }: DomainEvent,
  curl: (path: string) => string,
): { sentence: string; command: string } | undefined {
  if (event === 'ConnectionRefused' && data.reason === 'unknown-charge-point') {
    const command = curl(`/device-manager/refused-connections/${inShell(client)}/adopt`);
    return {
      sentence: `Charge point ${printable(client)} is not known and was refused. To adopt it: ${command}`,
      command,
    };
  }
  if (
    event === 'IdTokenRefused' &&
    typeof data.idToken === 'string' &&
    ['Invalid', 'Unknown'].includes(String(data.status))
  ) {
    const command = curl(`/session/id-tokens/unknown/${inShell(data.idToken)}/accept`);
    return {
      sentence: `Token ${printable(data.idToken)} is not known and was refused at ${printable(client)}. To accept it: ${command}`,
      command,
    };
  }
  return undefined;
}

/** A part of a path in a command that is pasted into a shell: `encodeURIComponent` leaves quotes and brackets alone. */
export function inShell(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

// What a charge point sends must not move the cursor or paint the terminal of the operator.
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}
