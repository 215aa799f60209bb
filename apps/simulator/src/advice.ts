/** What to do about a refused connection, for somebody who sees this for the first time. */
export function adviceOnRefusal(
  status: number | undefined,
  { url, id, reason }: { url: string; id: string; reason: string },
): string {
  switch (status) {
    case undefined:
      return `no CSMS answers at ${url} (${reason}). Is it running? Start it with: npm start, or ocpp-csms start`;
    case 404:
      return `refused with 404: the CSMS does not know "${id}". To adopt it: ${post(url, `/device-manager/refused-connections/${encodeURIComponent(id)}/adopt`)}`;
    case 401:
      return `refused with 401: "${id}" needs its password (--password), this one is wrong or missing, or the CSMS does not know "${id}"`;
    case 429:
    case 503:
      return `refused with ${status}: the CSMS is busy or can't store anything right now; its log says why`;
    default:
      return `refused with ${status} ${reason}; is ${url} the WebSocket URL of a CSMS?`;
  }
}

export function adviceOnToken(status: string, { url, token }: { url: string; token: string }): string {
  const advice = `token ${token} is refused: ${status}`;
  if (status !== 'Invalid' && status !== 'Unknown') return advice;
  return `${advice}. To accept it: ${post(url, `/session/id-tokens/unknown/${encodeURIComponent(token)}/accept`)}`;
}

function post(url: string, path: string): string {
  const api = new URL(url.replace(/^ws/, 'http')).origin;
  return `curl -X POST -H "Authorization: Bearer $(cat data/admin.key)" ${api}${path}`;
}
