import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { duration } from '../output/time.ts';
import { type Check, type Finding, failed, ok, skipped, warning } from './check.ts';

const name = 'public URL';
const dayMs = 86_400_000;
/** Time to renew it, weekends included. */
const soonMs = 21 * dayMs;

/** The certificate that charge points are shown: they do not connect when it is not good, and cannot say so. */
export const publicUrl: Check = {
  name,
  async run({ settings, now, timeoutMs }) {
    const url = settings.http.publicUrl;
    if (url === '') return skipped(name, 'none (http.publicUrl): charge points connect to this machine by its address');
    if (!url.startsWith('https:')) return ok(name, `${url}, without TLS`);
    const { hostname, port } = new URL(url);
    let socket: TLSSocket | undefined;
    try {
      socket = await shake(hostname, Number(port || 443), timeoutMs);
      return judge(url, socket, now());
    } catch (error) {
      return warning(
        name,
        `${url} does not answer here: ${error instanceof Error ? error.message : String(error)}`,
        'Is the proxy in front running, and the name right? From outside the network it may be another matter.',
      );
    } finally {
      socket?.destroy();
    }
  },
};

/** Whatever its certificate is: what is wrong with it is to be told. */
function shake(host: string, port: number, timeoutMs: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...servername, rejectUnauthorized: false }, () => resolve(socket));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('error', reject);
  });
}

function judge(url: string, socket: TLSSocket, now: number): Finding {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const left = Date.parse(certificate.valid_to) - now;
  const renew = 'Renew it where it is installed, in most cases at the proxy in front.';
  if (left <= 0)
    return failed(
      name,
      `the certificate of ${url} has expired ${duration(-left)} ago`,
      `Charge points refuse to connect. ${renew}`,
    );
  // Node.js gives the code; its type says Error.
  const reason = String(socket.authorizationError ?? '');
  if (/altname|ALTNAME/.test(reason))
    return failed(
      name,
      `the certificate of ${url} is not for this name`,
      `${reason}. Charge points refuse to connect.`,
    );
  if (!socket.authorized)
    return warning(
      name,
      `the certificate of ${url} is not from an authority that this machine knows (${reason})`,
      'Only charge points that were given its root certificate connect. If that is meant, name the root in NODE_EXTRA_CA_CERTS for this check.',
    );
  if (left < soonMs) return warning(name, `the certificate of ${url} expires in ${duration(left)}`, renew);
  return ok(name, `${url}, its certificate is good for ${duration(left)}`);
}
