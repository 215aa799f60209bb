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
  requestsPerMinute: count(6000, 10, 10_000_000, 'API requests that one address may make in a minute.'),
});

const log = section('What is written down about the program itself (OCPP messages are in message-manager).', {
  level: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info', 'The least that is logged.'),
  dir: text('./logs', 'Folder of the log files. Empty: no files.'),
  pretty: choice(
    ['auto', 'always', 'never'],
    'auto',
    'Readable lines instead of JSON on the standard output; auto: when it is a terminal.',
  ),
  maxFileMegabytes: count(10, 1, 10_000, 'A log file that would grow beyond this is put aside.'),
  maxFiles: count(10, 1, 1000, 'Files kept for each log, the current one included.'),
});

const bus = section('How the services talk to each other.', {
  driver: choice(['memory'], 'memory', 'memory: within this process.'),
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
  driver: choice(['sqlite'], 'sqlite', 'sqlite: files in the data folder.'),
  synchronous: choice(
    ['full', 'normal'],
    'full',
    'full: what was answered survives a power cut. normal: faster, the last moments may be lost in one.',
  ),
});

const cache = section('Auth records and the connection directory.', {
  driver: choice(['memory'], 'memory', 'memory: within this process.'),
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
  leaseSeconds: count(15, 5, 300, 'A node that is not heard of for so long has lost its connections.'),
  drainSeconds: count(5, 0, 300, 'At shutdown, how long messages under way may take.'),
  adoptUnknown: flag(false, 'Register unknown charge points when they connect. For trying out.'),
  strict: flag(false, 'Refuse what breaks the schema instead of making sense of it.'),
  storeRetrySeconds: count(5, 1, 300, 'Pause between attempts while storing is impossible.'),
});

const messageManager = section('The log of OCPP messages.', {
  retentionDays: count(90, 0, 36_500, 'Messages older than this are deleted. 0: never.'),
  maxMegabytes: count(0, 0, 100_000_000, 'The oldest messages are deleted when the log is larger. 0: no limit.'),
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
  bus,
  storage,
  cache,
  auth,
  csmsServer,
  messageManager,
  session,
  deviceManager,
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
