/** Where the broker is and how it is used; filled from the settings (`bus.name`, section `nats`). */
export interface NatsOptions {
  /** One or more with commas: `nats://user:password@host:port`, `nats://token@host:port`, `tls://…`. */
  servers: string;
  /** A file as made by nsc, with JWT and seed. */
  credentialsFile?: string;
  /** Begins the name of every stream and subject. */
  name: string;
  /** Copies of each stream in a cluster. */
  replicas: number;
  /** Of one stream, in bytes; what comes beyond is refused. */
  maxBytes: number;
  /** Milliseconds that the start waits for a server; afterwards it fails. A server that is lost later is waited for without end. */
  connectTimeoutMs?: number;
}
