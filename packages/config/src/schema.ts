import Type, { type Static, type TObject } from 'typebox';

/**
 * The one schema of all settings: it validates, holds the defaults and bounds, and makes `conf.example.yaml`.
 * One object per section; units are in the names. To add a setting, add it here and run `npm run generate`.
 */

const text = (value: string, description: string, options: { maxLength?: number; pattern?: string } = {}) =>
  Type.String({ default: value, description, maxLength: 1000, ...options });

const count = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });

const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description });

const choice = <const Value extends string>(values: Value[], value: NoInfer<Value>, description: string) =>
  Type.Enum(values, { default: value, description });

const section = <Properties extends Parameters<typeof Type.Object>[0]>(description: string, properties: Properties) =>
  Type.Object(properties, { additionalProperties: false, description });

const oneDay = 86_400;

const node = section('This node among others.', {
  name: text('', 'Name of this node, unique in the system. Empty: the name of the host.', {
    maxLength: 100,
    pattern: '^[A-Za-z0-9._-]*$',
  }),
});

const data = section('Where data rests.', {
  dir: text('./data', 'Folder of the databases and the admin key, relative to where the program is started.'),
});

const apiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Who uses it; shown in the log.' }),
    role: Type.Enum(['admin', 'operator', 'read-only'], { description: 'What it may do.' }),
    key: Type.String({ minLength: 20, maxLength: 500, description: 'The secret: at least 20 characters.' }),
  },
  { additionalProperties: false },
);

const http = section('The port that charge points and the API share.', {
  host: text('0.0.0.0', 'Address to listen on. 127.0.0.1: this machine alone.', { maxLength: 255 }),
  port: count(8080, 0, 65_535, 'Port to listen on. 0: any free one.'),
  publicUrl: text(
    '',
    'How the outside reaches us, when a proxy is in front, such as https://csms.example.com. Used for what is printed and for the API description.',
    { pattern: '^(https?://[^\\s]+)?$' },
  ),
  apiKeys: Type.Array(apiKey, {
    default: [],
    maxItems: 1000,
    description: 'API keys beside the one in <data folder>/admin.key: a list of { name, role, key }.',
  }),
  trustedProxies: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    default: [],
    maxItems: 100,
    description: 'Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For is believed.',
  }),
  localNetworkOnly: flag(false, 'Refuse everybody who is not on this machine or in its local network.'),
  console: flag(true, 'Serve the web console at /.'),
  requestsPerMinute: count(6000, 10, 10_000_000, 'API requests that one address may make in a minute.'),
});

const levelNames: LevelName[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
type LevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Parts of the program whose level is set apart. */
const loggingParts = ['csms-server', 'message-manager', 'session', 'device-manager', 'bus', 'cache', 'http'] as const;

const log = section('What is written down about the program itself (OCPP messages are in message-manager).', {
  level: choice(levelNames, 'info', 'The least that is logged.'),
  levels: Type.Object(Object.fromEntries(loggingParts.map((part) => [part, Type.Optional(Type.Enum(levelNames))])), {
    default: {},
    additionalProperties: false,
    description: `Other levels for single parts, such as { csms-server: debug }: ${loggingParts.join(', ')}.`,
  }),
  dir: text('./logs', 'Folder of the log files. Empty: no files.'),
  pretty: choice(
    ['auto', 'always', 'never'],
    'auto',
    'Readable lines instead of JSON on the standard output; auto: when it is a terminal.',
  ),
  maxFileMegabytes: count(10, 1, 10_000, 'A log file that would grow beyond this is put aside.'),
  maxFiles: count(10, 1, 1000, 'Files kept for each log, the current one included.'),
});

const tracing = section('The way of each message through the system, for a collector of OpenTelemetry.', {
  endpoint: text('', 'Where traces go by OTLP over HTTP, such as http://localhost:4318. Empty: nowhere.', {
    pattern: '^(https?://.+)?$',
  }),
  samplePercent: count(100, 1, 100, 'Of what begins here, so many of a hundred are followed.'),
});

const bus = section('How the services talk to each other.', {
  driver: choice(
    ['memory', 'zeromq', 'nats', 'rabbitmq', 'redis', 'gcp-pubsub'],
    'memory',
    'memory: within this process. zeromq: from process to process, without a server. nats (recommended), rabbitmq, redis, gcp-pubsub: over that broker.',
  ),
  name: text('csms', 'Begins the name of everything on a broker, so that several installations can share one.', {
    maxLength: 40,
    pattern: '^[A-Za-z][A-Za-z0-9-]*$',
  }),
  partitions: count(
    32,
    1,
    1024,
    'On a broker: into how many parts the charge points are divided. At most so many consumers of a service work at once. The same for all nodes, and kept for good.',
  ),
  maxInFlightMegabytes: count(
    64,
    1,
    100_000,
    'Messages in flight; what comes beyond is refused and charge points wait.',
  ),
  publishDeadlineSeconds: count(10, 1, 300, 'How long storing a message may take before it counts as failed.'),
  attemptsBeforeParking: count(3, 1, 100, 'How often a message is tried before it is parked for an operator.'),
});

const storage = section('The database.', {
  driver: choice(
    ['sqlite', 'postgresql'],
    'sqlite',
    'sqlite: files in the data folder. postgresql: the server of the section below.',
  ),
  synchronous: choice(
    ['full', 'normal'],
    'full',
    'full: what was answered survives a power cut. normal: faster, the last moments may be lost in one.',
  ),
});

const postgresql = section(
  'The PostgreSQL server, with storage.driver postgresql. Each service has a schema of its own.',
  {
    url: text('', 'postgresql://user:password@host:5432/database, with ?sslmode=require where it is far away.', {
      pattern: '^(postgres(ql)?://[^\\s]+)?$',
    }),
    maxConnections: count(10, 2, 1000, 'Connections of each service of each node.'),
  },
);

const cache = section('Auth records and the connection directory.', {
  driver: choice(
    ['memory', 'redis'],
    'memory',
    'memory: within this process. redis: the server of the section redis, needed as soon as there is more than one process.',
  ),
});

const zeromq = section('With bus.driver zeromq: who there is, and where. The same list for all.', {
  peers: Type.Array(
    Type.Object(
      {
        service: Type.Enum(['csms-server', 'message-manager', 'session', 'device-manager'], {
          description: 'Which service it is.',
        }),
        node: Type.String({ minLength: 1, maxLength: 100, description: 'The node.name that it is started with.' }),
        address: Type.String({
          pattern: '^tcp://[^\\s:]+:\\d{1,5}$',
          maxLength: 300,
          description: 'Where it listens for the others: tcp://host:port.',
        }),
      },
      { additionalProperties: false },
    ),
    {
      default: [],
      maxItems: 100,
      description:
        'A list of { service, node, address }. Empty: one of each service, on this machine, on the ports 5651 to 5654.',
    },
  ),
  journalMegabytes: count(
    1024,
    1,
    1_000_000,
    'What is kept on the disk for peers that are away; beyond it charge points wait.',
  ),
});

const nats = section('The NATS server with JetStream, with bus.driver nats.', {
  servers: text('nats://127.0.0.1:4222', 'One or more, with commas; nats://user:password@host:port or tls://….'),
  credentialsFile: text('', 'A file as made by nsc, with JWT and seed. Empty: none.'),
  replicas: count(1, 1, 5, 'Copies of each stream in a cluster; 3 survive the loss of one server.'),
  maxMegabytes: count(4096, 16, 10_000_000, 'Largest size of a stream; beyond it what is new is refused.'),
});

const rabbitmq = section('The RabbitMQ server, with bus.driver rabbitmq.', {
  url: text('amqp://guest:guest@127.0.0.1:5672', 'amqp(s)://user:password@host:port/vhost.', {
    pattern: '^amqps?://[^\\s]+$',
  }),
  maxMegabytes: count(4096, 16, 10_000_000, 'Largest size of a queue; beyond it what is new is refused.'),
});

const redis = section('The Redis server, with bus.driver or cache.driver redis.', {
  url: text('redis://127.0.0.1:6379', 'redis(s)://user:password@host:port/database.', {
    pattern: '^rediss?://[^\\s]+$',
  }),
  mirror: flag(
    false,
    'With bus.driver redis: publish a copy of each envelope on the channels MessagesIn, MessagesOut and MessagesSent as well, for programs that listen there.',
  ),
  maxStreamLength: count(1_000_000, 1000, 1_000_000_000, 'Messages in a stream; beyond it what is new is refused.'),
});

const gcpPubsub = section('Google Cloud Pub/Sub, with bus.driver gcp-pubsub. Credentials: the usual ones of Google.', {
  projectId: text('', 'The project. Empty: that of the credentials.'),
  endpoint: text(
    '',
    'host:port of a region (europe-west1-pubsub.googleapis.com:443) or of an emulator. Empty: the nearest.',
  ),
});

const auth = section(
  'How charge points prove who they are. The budgets slow an attacker and never lock out the victim.',
  {
    uniformRefusal: flag(
      false,
      'Answer an unknown identity with 401 as well, so that nobody can find out which exist.',
    ),
    failuresPerMinutePerAddress: count(60, 1, 1_000_000, 'Refused handshakes from one address before it has to wait.'),
    failuresPerMinutePerIdentity: count(
      30,
      1,
      1_000_000,
      'Wrong passwords for one identity, from one address, before that address has to wait for this identity.',
    ),
    rememberedRefusals: count(1000, 0, 100_000, 'Refused handshakes kept for the operator, with the reason.'),
    caseInsensitiveIds: flag(false, 'Take CP001 and cp001 for the same charge point.'),
    reconnectsPerMinute: count(30, 1, 100_000, 'Connections of one charge point in a minute before it has to wait.'),
  },
);

const csmsServer = section('The connections of charge points.', {
  path: text('/ocpp', 'Path before the identity: ws://host:port/ocpp/{networkId}.', {
    maxLength: 200,
    pattern: '^(/[A-Za-z0-9._~-]+)+$',
  }),
  heartbeatIntervalSeconds: count(300, 1, oneDay, 'Heartbeat interval told to charge points at boot.'),
  pingIntervalSeconds: count(20, 0, 3600, 'WebSocket pings; a connection that does not answer is closed. 0: none.'),
  callTimeoutSeconds: count(30, 1, 600, 'How long a charge point may take to answer a CALL.'),
  decisionTimeoutSeconds: count(10, 1, 60, 'How long a service may take to decide on an answer.'),
  settleSeconds: count(30, 0, 600, 'Nothing is sent for so long to a charge point that reconnects without booting.'),
  unansweredCallsUntilDeaf: count(3, 1, 100, 'Unanswered CALLs in a row after which a connection is closed.'),
  maxFrameBytes: count(1_048_576, 4096, 67_108_864, 'Largest message accepted.'),
  maxQueuedCalls: count(50, 1, 10_000, 'CALLs that wait for one charge point.'),
  maxInboundQueue: count(50, 1, 10_000, 'Messages of one charge point that wait; beyond it its socket is paused.'),
  maxBufferedBytes: count(4_194_304, 65_536, 1_073_741_824, 'Unsent bytes of one connection before it is closed.'),
  compression: flag(true, 'Offer permessage-deflate.'),
  maxConnections: count(0, 0, 1_000_000, 'Charge points connected to this node. 0: no limit.'),
  upgradesPerSecond: count(500, 1, 100_000, 'New connections in a second; more get 503 and come again.'),
  leaseSeconds: count(12, 5, 300, 'A node that is not heard of for so long has lost its connections.'),
  drainSeconds: count(5, 0, 300, 'At shutdown, how long messages under way may take.'),
  adoptUnknown: flag(false, 'Register unknown charge points when they connect. For trying out.'),
  strict: flag(false, 'Refuse what breaks the schema instead of making sense of it.'),
  storeRetrySeconds: count(5, 1, 300, 'Pause between attempts while storing is impossible.'),
});

const messageManager = section('The log of OCPP messages.', {
  store: choice(
    ['database', 'azure-tables'],
    'database',
    'database: with everything else (storage.driver). azure-tables: the account of the section azureTables.',
  ),
  retentionDays: count(90, 0, 36_500, 'Messages older than this are deleted. 0: never.'),
  maxMegabytes: count(
    0,
    0,
    100_000_000,
    'The oldest messages are deleted when the log is larger; not with azure-tables. 0: no limit.',
  ),
});

const azureTables = section('Azure Table storage for the log, with messageManager.store azure-tables.', {
  connectionString: text('', 'As the Azure portal shows it, with the account key.', { maxLength: 2000 }),
  table: text('MessagesIn', 'Name of the table; it is made when it is not there.', {
    maxLength: 63,
    pattern: '^[A-Za-z][A-Za-z0-9]{2,62}$',
  }),
});

const daemons = section('When each service is a process of its own: csms-server has http.port, the others these.', {
  messageManagerPort: count(8081, 0, 65_535, 'REST of message-manager. 0: any free one.'),
  sessionPort: count(8082, 0, 65_535, 'REST of session. 0: any free one.'),
  deviceManagerPort: count(8083, 0, 65_535, 'REST of device-manager. 0: any free one.'),
  gateway: flag(
    true,
    'csms-server passes on what is asked below /message-manager, /session and /device-manager, so that one port is enough. false: a proxy in front does it.',
  ),
  messageManagerUrl: text('', 'Where the gateway finds message-manager. Empty: on this machine, at its port.', {
    pattern: '^(https?://[^\\s]+)?$',
  }),
  sessionUrl: text('', 'Where the gateway finds session. Empty: on this machine, at its port.', {
    pattern: '^(https?://[^\\s]+)?$',
  }),
  deviceManagerUrl: text('', 'Where the gateway finds device-manager. Empty: on this machine, at its port.', {
    pattern: '^(https?://[^\\s]+)?$',
  }),
});

const session = section('Id tokens and transactions.', {
  acceptAllTokens: flag(false, 'Accept every id token. For trying out.'),
  rememberedUnknownTokens: count(1000, 0, 100_000, 'Refused unknown id tokens kept for the operator.'),
  plausibleFrom: text('2015-01-01T00:00:00Z', 'Times before this are flagged as implausible.', {
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
  }),
  plausibleFutureMinutes: count(60, 0, 525_600, 'Times further ahead than this are flagged as implausible.'),
  meterValueRetentionDays: count(
    730,
    0,
    36_500,
    'Meter values older than this are deleted; transactions, with their energy and evidence, stay. 0: never.',
  ),
});

const deviceManager = section('The charge points and what they are told.', {
  commandTimeoutSeconds: count(45, 1, 3600, 'How long a command may take until its outcome is unknown.'),
  maxQueuedCommandsPerChargePoint: count(100, 1, 10_000, 'Commands that wait for one charge point.'),
  reconcileSeconds: count(60, 5, oneDay, 'How often the auth records are compared with the database.'),
  bootHistory: count(100, 1, 10_000, 'Boots kept for each charge point.'),
  commandRetentionDays: count(90, 0, 36_500, 'Finished commands older than this are deleted. 0: never.'),
  readConfigurationOnBoot: flag(false, 'Read the whole configuration of a charge point after each boot.'),
});

export const settingsSchema = section('Settings of ocpp-csms', {
  node,
  data,
  http,
  log,
  tracing,
  bus,
  storage,
  cache,
  zeromq,
  nats,
  rabbitmq,
  redis,
  gcpPubsub,
  postgresql,
  auth,
  csmsServer,
  messageManager,
  azureTables,
  session,
  deviceManager,
  daemons,
});

export type Settings = Static<typeof settingsSchema>;

/** What the code that walks the schema needs to know of one of its nodes. */
export interface SettingSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  description?: string;
  default?: unknown;
  enum?: readonly string[];
  properties?: Record<string, SettingSchema>;
  required?: readonly string[];
  items?: SettingSchema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
}

export const settingSections = (settingsSchema as TObject as { properties: Record<string, SettingSchema> }).properties;
