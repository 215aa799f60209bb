/** What the API answers with, as far as it is shown here; `--json` shows all of it. The API's own document says more. */

export interface ChargePoint {
  chargePointId: string;
  networkId: string;
  name: string;
  serialNumber: string | null;
  templateId: string | null;
  vendor: string | null;
  model: string | null;
  firmwareVersion: string | null;
  securityProfile: number;
  hasPassword: boolean;
  enabled: boolean;
  tags: string[];
  registration: 'Accepted' | 'Pending' | 'Rejected';
  bootedAt: string | null;
  createdAt: string;
  connection: {
    connected: boolean;
    protocol?: string;
    since?: string;
    remoteAddress?: string;
    lastSeenAt: string | null;
    lastProtocol: string | null;
  };
  connectors: ConnectorInShort[];
  /** Made by the server, and shown once. */
  password?: string;
  warning?: string;
}

export interface ConnectorInShort {
  evseId?: number;
  connectorId: number;
  status: string;
}

export interface Connector extends ConnectorInShort {
  errorCode?: string;
  info?: string;
  vendorErrorCode?: string;
  statusAt: string;
}

export interface RefusedConnection {
  networkId: string;
  words: string;
  whatToDo: string;
  adoptable: boolean;
  remoteAddress: string | null;
  count: number;
  lastAt: string;
}

export interface IdToken {
  idToken: string;
  status: string;
  chargePoints: string[];
  allowConcurrent: boolean;
  type?: string;
  expiresAt?: string;
  parentIdToken?: string;
  note?: string;
}

export interface UnknownIdToken {
  idToken: string;
  type?: string;
  lastSeenAt: string;
  count: number;
  lastSeenAtChargePoint: string;
}

export interface Transaction {
  id: string;
  transactionId: string | number;
  networkId: string;
  protocol: string;
  active: boolean;
  connectorId?: number;
  evseId?: number;
  idToken?: string;
  authorizationStatus?: string;
  startedAt: string;
  stoppedAt?: string;
  meterStartWh?: number;
  meterStopWh?: number;
  energyWh: number | null;
  disputed: boolean;
  reason?: string;
  stopIdToken?: string;
  chargingState?: string;
  offline: boolean;
  flags: { code: string; words: string }[];
}

export interface TransactionDetail extends Transaction {
  evidence: { envelopeId: string; messageType: string; receivedAt: string; repeated: boolean }[];
}

export interface LoggedMessage {
  id: string;
  client: string;
  origin: 'client' | 'server';
  messageTime: string;
  body: { direction: number; msgId: string; messageType: string; messageBody: unknown };
  answer?: { direction: number; messageBody: unknown };
  latencyMs?: number;
  answerTo?: string;
  deviations?: { rule: string; path: string; made: string }[];
  raw?: string;
  dropped?: string;
}

export interface CommandResult {
  commandId?: string;
  status: string;
  response?: unknown;
  error?: { code: string; description: string };
}
