import { readFileSync } from 'node:fs';
import { type ConnectionOptions, credsAuthenticator } from '@nats-io/transport-node';
import type { NatsOptions } from './nats-options.ts';

export interface ServerList {
  /** For log lines: without user and password. */
  addresses: string;
  connection: Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls' | 'authenticator'>;
}

/** Takes the servers apart. Throws in words for the operator, without secrets. */
export function readServers({
  servers,
  credentialsFile,
}: Pick<NatsOptions, 'servers' | 'credentialsFile'>): ServerList {
  const urls = servers.split(',').map((server, index) => parseServer(server.trim(), index));
  const hosts = urls.map(({ hostname, port }) => `${hostname}:${port || 4222}`);
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  const user = decodeURIComponent(username);
  const connection: ServerList['connection'] = { servers: hosts };
  if (password !== '') Object.assign(connection, { user, pass: decodeURIComponent(password) });
  else if (user !== '') connection.token = user;
  if (urls.some(({ protocol }) => protocol === 'tls:')) connection.tls = {};
  if (credentialsFile) connection.authenticator = credsAuthenticator(readFileSync(credentialsFile));
  return { addresses: hosts.join(', '), connection };
}

function parseServer(server: string, index: number): URL {
  const text = server.includes('://') ? server : `nats://${server}`;
  const url = URL.parse(text);
  if (url && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '') return url;
  throw new Error(`nats.servers: number ${index + 1} is not of the form nats://user:password@host:port or tls://…`);
}
