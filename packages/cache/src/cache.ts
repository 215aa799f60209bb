export type RegistrationStatus = 'Accepted' | 'Pending' | 'Rejected';
export type OcppProtocol = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

/** A salted digest of a password: HMAC-SHA-256 with `salt` as key, over the password's bytes. Both in base64. */
export interface PasswordDigest {
  salt: string;
  digest: string;
}

/** What csms-server must know of a charge point to let it in. Written by device-manager alone, from SQL. */
export interface AuthRecord {
  networkId: string;
  chargePointId: string;
  tenant: string;
  enabled: boolean;
  /** 0: no credentials (only where registered so); 1: HTTP Basic. 2 and 3 need TLS. */
  securityProfile: 0 | 1 | 2 | 3;
  /** Any of these lets it in: the raw and the hex form of a key, and, while a new password is on its way, both. */
  passwordDigests: readonly PasswordDigest[];
  registration: RegistrationStatus;
  heartbeatIntervalSeconds: number;
  /** Spoken when the charge point offers no subprotocol; absent: such a handshake is completed and closed. */
  assumedProtocol?: OcppProtocol;
  /** Refuse what is not exactly as the schema says, instead of understanding it. */
  strict: boolean;
  /** This model answers no WebSocket pings. */
  noPing: boolean;
  /** Upper limit of a frame of this charge point in bytes; absent: the setting for all. */
  maxFrameBytes?: number;
  /** Counts the changes of the record: an older one never replaces a newer one. */
  revision: number;
}

export interface AuthCache {
  get(networkId: string): Promise<AuthRecord | undefined>;
  /** Ignored when a record with a higher revision is there. */
  put(record: AuthRecord): Promise<void>;
  delete(networkId: string): Promise<void>;
  /** While complete, a miss means: unknown. Otherwise device-manager is to be asked. */
  isComplete(): Promise<boolean>;
  /**
   * Asked before a fill that ends with `setComplete(true, filling)`. Names the contents: another one after the cache
   * was emptied or its server restarted.
   */
  startFilling(): Promise<string>;
  /** With `filling`: ignored when the cache was emptied since, so that what was filled is not all there any more. */
  setComplete(complete: boolean, filling?: string): Promise<void>;
  /** Tells csms-server of a change while connections are open (disabled, deleted, other registration). */
  onChange(listener: (networkId: string, record: AuthRecord | undefined) => void): () => void;
  /** The cache was away and is back: changes may have been missed. Compare what you hold with `get`. */
  onMissedChanges(listener: () => void): () => void;
  /** Every networkId in the cache, for reconciliation. */
  networkIds(): Promise<string[]>;
}

export interface ConnectionEntry {
  networkId: string;
  node: string;
  /** `max(last + 1, now in microseconds)`. */
  epoch: number;
  protocol: OcppProtocol;
  /** ISO 8601 UTC. */
  since: string;
  /** Milliseconds since 1970; past it the entry does not count. */
  leaseUntil: number;
  remoteAddress?: string;
}

export interface ConnectionDirectory {
  /** Takes the place of any earlier connection and returns the entry, and the one that it replaced. */
  claim(claim: {
    networkId: string;
    node: string;
    protocol: OcppProtocol;
    leaseMs: number;
    remoteAddress?: string;
  }): Promise<{ entry: ConnectionEntry; replaced?: ConnectionEntry }>;
  /** Compare-and-delete: only when node and epoch are still those. Returns whether it was deleted. */
  release(networkId: string, node: string, epoch: number): Promise<boolean>;
  get(networkId: string): Promise<ConnectionEntry | undefined>;
  list(): Promise<ConnectionEntry[]>;
  /**
   * Prolongs the lease of every connection of this node. `held` gives the connections that it has open now: those
   * that the directory has lost (its server was emptied) are written again, with the epochs that they had.
   */
  renew(node: string, leaseMs: number, held?: () => Iterable<ConnectionEntry>): Promise<Renewal>;
}

export interface Renewal {
  /**
   * The directory had heard nothing of this node for longer than its lease, though no call failed: it was paused, or
   * another process has the same name. Its connections count no more and are to be ended.
   */
  ranOut: boolean;
  /** Connections elsewhere, or newer ones here, that took the place of some in `held`: those are to be ended. */
  replaced: ConnectionEntry[];
}

/** The cache is away, or can't be written to: try again later. `transient` is what the bus and the REST API look at. */
export class CacheUnavailable extends Error {
  override readonly name = 'CacheUnavailable';
  readonly transient = true;
}

export interface CacheLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Cache {
  readonly auth: AuthCache;
  readonly connections: ConnectionDirectory;
  close(): Promise<void>;
}
