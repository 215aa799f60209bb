import { type Bus, BusError } from '@ocpp-csms/bus';
import type { AuthCache, AuthRecord, PasswordDigest } from '@ocpp-csms/cache';
import { isJsonObject } from '@ocpp-csms/ocpp';

/** Questions to device-manager at a time; who comes then is told to come again. */
const maxQuestions = 100;
const questionTimeoutMs = 3000;

/** Asked while the cache is not complete: can't be decided now, come again. */
export class Undecidable extends Error {
  override readonly name = 'Undecidable';
}

export interface Adoption {
  networkId: string;
  protocol?: string;
  credentials: 'none' | 'basic';
  passwordDigests?: readonly PasswordDigest[];
  remoteAddress: string;
}

/** Finds the auth record of an identity: in the cache, or with device-manager while the cache is not complete. */
export class AuthRecords {
  readonly #cache: AuthCache;
  readonly #bus: Bus;
  readonly #ignoreCase: boolean;
  readonly #questions = new Map<string, Promise<unknown>>();
  /** Lower case to the networkId as it is registered; only where case is ignored. */
  readonly #spelling = new Map<string, string>();

  constructor({ cache, bus, ignoreCase }: { cache: AuthCache; bus: Bus; ignoreCase: boolean }) {
    this.#cache = cache;
    this.#bus = bus;
    this.#ignoreCase = ignoreCase;
  }

  async start(): Promise<void> {
    if (!this.#ignoreCase) return;
    for (const networkId of await this.#cache.networkIds()) this.#spelling.set(networkId.toLowerCase(), networkId);
  }

  changed(networkId: string, record: AuthRecord | undefined): void {
    if (!this.#ignoreCase) return;
    if (record !== undefined) this.#spelling.set(networkId.toLowerCase(), networkId);
    else if (this.#spelling.get(networkId.toLowerCase()) === networkId) this.#spelling.delete(networkId.toLowerCase());
  }

  /** Undefined: there is none. Rejects with `Undecidable`. */
  async find(networkId: string): Promise<AuthRecord | undefined> {
    const record = (await this.#cache.get(networkId)) ?? (await this.#findSpeltOtherwise(networkId));
    if (record !== undefined) return record;
    // It was perhaps just being filled: only a look after it was complete says that there is none.
    if (await this.#cache.isComplete()) return this.#cache.get(networkId);
    const asked = readRecord(await this.#askOnce('device-manager.auth-record', networkId, { networkId }));
    if (asked === undefined && this.#ignoreCase) throw new Undecidable('it may be registered in another spelling');
    return asked;
  }

  /** Registers an unknown charge point. Rejects with `Undecidable`. */
  async adopt(adoption: Adoption): Promise<AuthRecord | undefined> {
    return readRecord(await this.#askOnce('device-manager.adopt', adoption.networkId, adoption));
  }

  async #findSpeltOtherwise(networkId: string): Promise<AuthRecord | undefined> {
    const registered = this.#ignoreCase ? this.#spelling.get(networkId.toLowerCase()) : undefined;
    return registered === undefined ? undefined : this.#cache.get(registered);
  }

  async #askOnce(subject: string, networkId: string, question: unknown): Promise<unknown> {
    const key = `${subject} ${networkId}`;
    const known = this.#questions.get(key);
    if (known !== undefined) return known;
    if (this.#questions.size >= maxQuestions) throw new Undecidable('too many questions to device-manager are open');
    const asked = this.#ask(subject, question).finally(() => this.#questions.delete(key));
    this.#questions.set(key, asked);
    return asked;
  }

  async #ask(subject: string, question: unknown): Promise<unknown> {
    try {
      return await this.#bus.request(subject, question, { timeoutMs: questionTimeoutMs });
    } catch (error) {
      if (error instanceof BusError) throw new Undecidable(`device-manager does not answer: ${error.message}`);
      throw error;
    }
  }
}

// The subject is served by device-manager alone, from its own registry: what looks like a record is one.
function readRecord(answer: unknown): AuthRecord | undefined {
  return isRecord(answer) ? answer : undefined;
}

function isRecord(answer: unknown): answer is AuthRecord {
  return isJsonObject(answer) && typeof answer.networkId === 'string' && Array.isArray(answer.passwordDigests);
}
