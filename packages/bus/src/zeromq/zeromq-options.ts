import type { ZeromqPeer } from './peers.ts';

/** Who there is and where the journal is; filled from the settings (sections `zeromq` and `data`). */
export interface ZeromqOptions {
  /** Every process of the system, this one included; the same list for all. Empty: one of each service, on this machine. */
  peers: readonly ZeromqPeer[];
  /** Which of them this process is. */
  self: { service: string; node: string };
  /** A folder; the journal gets one of its own in it, named after service and node. */
  directory: string;
  /** What the journal keeps for peers that are away or behind; beyond it `publish` rejects with 'Full'. */
  journalBytes: number;
  /** `normal`: what was published survives the end of the process, but the last moments may be lost in a power cut. */
  synchronous?: 'full' | 'normal';
  heartbeatMs?: number;
  /** Silence after which a peer counts as away. */
  silenceMs?: number;
}
