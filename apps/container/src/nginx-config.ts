import { isIP, isIPv6 } from 'node:net';
import type { Settings } from '@ocpp-csms/config';
import { StartupError } from '@ocpp-csms/runtime';
import { portsOf, type Service } from './ports.ts';

export interface NginxOptions {
  settings: Settings;
  /** Where nginx may write: its process id, and what is too large for memory. */
  directory: string;
  processes: number;
  /** Files that one process may open. */
  openFiles: number;
}

/** A charge point takes two: one to nginx, one on to csms-server. With two processes, 20,000 charge points. */
const mostConnections = 20_480;
/** For logs, libraries and the listener. */
const reservedFiles = 64;

const services = ['csms-server', 'message-manager', 'session', 'device-manager'] as const;
const behindPaths = services.filter((service) => service !== 'csms-server');

/** Networks that no router of the internet passes on. */
const privateNetworks = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];
const privateNetworks6 = ['::1', 'fe80::/10', 'fc00::/7'];

/** The configuration of the nginx that charge points, browsers and programs reach, with the services behind it. */
export function nginxConfig({ settings, directory, processes, openFiles }: NginxOptions): string {
  const connections = Math.min(mostConnections, openFiles - reservedFiles);
  return `# Written at the start of the container, from the settings. What is changed here is lost at the next start.
daemon off;
worker_processes ${processes};
worker_rlimit_nofile ${Math.min(openFiles, connections + reservedFiles)};
# Charge points have been told by csms-server before nginx ends; nobody else needs longer.
worker_shutdown_timeout 2s;
pid ${directory}/nginx.pid;
error_log stderr warn;

events {
  worker_connections ${connections};
}

http {
${[temporaryFiles(directory), logging, clientAddress(settings.http.trustedProxies), toServices(settings)].join('\n')}
  server {
    listen ${listenAddress(settings.http)} backlog=65535 so_keepalive=on;
${[limits, errors, ...locations(settings.csmsServer.path)].join('\n')}  }
}
`;
}

const temporaryFiles = (directory: string): string => {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return kinds.map((kind) => `  ${kind}_temp_path ${directory}/${kind};\n`).join('');
};

/** What went wrong, without what may be secret: a key can be in the query of an event stream. */
const logging = `  log_format failed escape=json '{"level":"warn","time":"$time_iso8601","service":"nginx","address":"$remote_addr",'
    '"method":"$request_method","path":"$uri","status":$status,"upstream":"$upstream_addr","seconds":$request_time,'
    '"msg":"Request failed"}';
  map $status $is_logged {
    default 0;
    ~^(?:413|414|431|494|499|5) 1;
  }
  access_log /dev/stdout failed if=$is_logged;
`;

/** From here on $remote_addr is who is at the other end, and $client_scheme how they came. */
function clientAddress(trustedProxies: readonly string[]): string {
  const proxies = trustedProxies.map(checkedNetwork);
  const realIp = proxies.map((proxy) => `  set_real_ip_from ${proxy};\n`).join('');
  const trusted = proxies.map((proxy) => `    ${proxy} 1;\n`).join('');
  return `${realIp}  real_ip_header X-Forwarded-For;
  real_ip_recursive on;
  geo $realip_remote_addr $is_from_proxy {
    default 0;
${trusted}  }
  map $is_from_proxy$http_x_forwarded_proto $client_scheme {
    default $scheme;
    "~^1(?:https|wss)" https;
  }
`;
}

/** A mistake here is told in words, and nothing else than a network gets into the file. */
function checkedNetwork(network: string): string {
  const [address = '', bits = '0'] = network.split('/');
  const widest = isIPv6(address) ? 128 : 32;
  if (isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= widest) return network;
  throw new StartupError(
    `http.trustedProxies: ${JSON.stringify(network)} is no address and no network.`,
    'Write addresses such as 10.0.0.7 or networks such as 10.0.0.0/8.',
  );
}

function toServices(settings: Settings): string {
  const ports = portsOf(settings);
  const upstream = (service: Service) => `  upstream ${service} {
    server 127.0.0.1:${ports[service]};
    keepalive 32;
  }
`;
  return `${services.map(upstream).join('')}  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $client_scheme;
  proxy_set_header X-Forwarded-Host "";
  proxy_set_header Forwarded "";
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $upgrade_or_keep;
  map $http_upgrade $upgrade_or_keep {
    default upgrade;
    "" "";
  }
  proxy_connect_timeout 5s;
  # A command waits for the charge point, an export for the database.
  proxy_read_timeout 150s;
  proxy_send_timeout 60s;
  proxy_buffer_size 16k;
  proxy_buffers 8 16k;
  # Nothing that is passed on rests on the disk.
  proxy_max_temp_file_size 0;
  proxy_request_buffering off;
`;
}

function listenAddress({ host, port }: Settings['http']): string {
  if (port === 0) throw new StartupError('http.port is 0: nginx needs one that is known.', 'Write one such as 8080.');
  if (isIPv6(host)) return `[${host}]:${port}${host === '::' ? ' ipv6only=off' : ''}`;
  if (/^[\w.-]+$/.test(host)) return `${host}:${port}`;
  throw new StartupError(`http.host: ${JSON.stringify(host)} is no address.`, 'Write one such as 0.0.0.0 or ::.');
}

const limits = `    server_tokens off;
    # A certificate of a client that a proxy passes on in a header is long; the services take 16 kB in all.
    client_header_buffer_size 4k;
    large_client_header_buffers 4 16k;
    client_header_timeout 10s;
    # As the services have it. (A service that refuses while nginx still sends would look like one that is away.)
    client_max_body_size 1m;
    client_body_timeout 10s;
    keepalive_timeout 75s;
    gzip on;
    gzip_proxied any;
    gzip_min_length 1024;
    gzip_types application/json application/problem+json application/x-ndjson text/javascript text/css image/svg+xml;
`;

/** What nginx itself has to say, in the words of the API. */
const errors = `    error_page 413 @too-large;
    location @too-large {
      ${problem(413, 'Payload Too Large', 'body-too-large', 'The request is larger than 1 MB.')}
    }
    # As the gateway of csms-server says it.
    error_page 502 504 = @away;
    location @away {
      add_header Retry-After 5 always;
      ${problem(503, 'Service Unavailable', 'service-away', 'The service does not answer now; it is started again by itself. See its log.')}
    }
`;

/** RFC 9457 problem details, as `packages/http` has them. */
function problem(status: number, title: string, code: string, detail: string): string {
  const body = JSON.stringify({ type: `urn:ocpp-csms:problem:${code}`, title, status, detail, instance: '$uri' });
  return `default_type application/problem+json;\n      return ${status} '${body}\\n';`;
}

/** Server-sent events, each passed on at once. */
const liveStreams = {
  '/message-manager/messages/stream': 'message-manager',
  '/device-manager/events': 'device-manager',
} as const;

function locations(path: string): string[] {
  return [
    `    # Charge points: silent for as long as they like. Who is gone is found out by the pings of csms-server.
    location ^~ ${path} {
      proxy_pass http://csms-server;
      proxy_read_timeout 1d;
      proxy_send_timeout 1d;
      proxy_socket_keepalive on;
    }
`,
    `    location / {
      proxy_pass http://csms-server;
    }
`,
    ...behindPaths.map(
      (service) => `    location ^~ /${service}/ {
      proxy_pass http://${service};
    }
    location = /health/ready/${service} {
      proxy_pass http://${service}/health/ready;
    }
    location = /metrics/${service} {
      proxy_pass http://${service}/metrics;
${onlyPrivate}    }
`,
    ),
    `    location = /metrics {
      proxy_pass http://csms-server;
${onlyPrivate}    }
`,
    ...Object.entries(liveStreams).map(
      ([path, service]) => `    location = ${path} {
      proxy_pass http://${service};
      proxy_buffering off;
    }
`,
    ),
  ];
}

const onlyPrivate = `${[...privateNetworks, ...privateNetworks6].map((network) => `      allow ${network};\n`).join('')}      deny all;\n`;
