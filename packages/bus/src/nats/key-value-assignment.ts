import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import type { AssignmentStore } from '../broker/transport.ts';
import { reasonOf } from '../delivery/reasons.ts';

const TIMEOUT_MS = 2000;

/** Who consumes what, in a NATS key-value bucket. */
export class KeyValueAssignment implements AssignmentStore {
  readonly #bucket: string;
  readonly #replicas: number;
  #values: KV | undefined;

  constructor(bucket: string, replicas: number) {
    this.#bucket = bucket;
    this.#replicas = replicas;
  }

  /** For each new connection: makes the bucket when it is missing. */
  async use(connection: NatsConnection): Promise<void> {
    try {
      // Direct reads may come from a replica that is behind.
      const options = { history: 1, replicas: this.#replicas, allow_direct: false, timeout: TIMEOUT_MS };
      this.#values = await new Kvm(connection).create(this.#bucket, options);
    } catch (error) {
      throw new Error(`NATS: the key-value bucket ${this.#bucket} cannot be made or read: ${reasonOf(error)}`);
    }
  }

  async read(key: string): Promise<{ value: string; revision: string } | undefined> {
    const entry = await this.#open().get(key);
    if (entry?.operation !== 'PUT') return undefined;
    return { value: entry.string(), revision: String(entry.revision) };
  }

  async write(key: string, value: string, revision: string | undefined): Promise<boolean> {
    try {
      const values = this.#open();
      if (revision === undefined) await values.create(key, value);
      else await values.update(key, value, Number(revision), TIMEOUT_MS);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence) return false;
      throw error;
    }
  }

  #open(): KV {
    if (!this.#values) throw new Error('NATS is not connected yet');
    return this.#values;
  }
}
