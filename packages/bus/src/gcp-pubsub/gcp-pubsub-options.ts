/** Where Pub/Sub is and how it is used; filled from the settings (`bus.name`, section `gcpPubsub`). */
export interface GcpPubsubOptions {
  /** The project; empty: that of the credentials. */
  projectId: string;
  /** `host:port` of an emulator; empty: the real service. */
  endpoint: string;
  /** Begins the name of every topic and subscription. */
  name: string;
  /** How often a process says that it is there; after three times that it counts as gone. */
  presenceMs?: number;
  /** Milliseconds that one call may take at the start before it fails. */
  connectTimeoutMs?: number;
}
