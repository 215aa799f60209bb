export interface CommandText {
  origin: string;
  chargePoints: readonly string[];
  action: string;
  payload: unknown;
}

/** For a terminal. The key is a placeholder: it is in no page and in no clipboard. */
export function asCurl({ origin, chargePoints, action, payload }: CommandText): string {
  const [only] = chargePoints;
  const isOne = chargePoints.length === 1 && only !== undefined;
  const path = isOne ? `charge-points/${encodeURIComponent(only)}/commands/${action}` : 'commands';
  const body = isOne ? payload : { chargePoints, action, payload };
  return [
    `curl -X POST ${quoted(`${origin}/device-manager/${path}`)}`,
    `-H "Authorization: Bearer $CSMS_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}

/** With the program of this project. */
export function asCli({ chargePoints, action, payload }: CommandText): string {
  return `ocpp-csms command ${quoted(chargePoints.join(',') || 'CP001')} ${action} ${quoted(JSON.stringify(payload))}`;
}

/** For a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
