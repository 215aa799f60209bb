import type { Bus, DomainEvent, Envelope, Topic, TopicContents } from '@ocpp-csms/bus';
import type { Clock, Log } from '@ocpp-csms/runtime';

/** Facts on their way to the bus; those beyond are lost and counted, as there is nobody who could wait. */
const maxInFlight = 20_000;

export interface FactsOptions {
  bus: Bus;
  log: Log;
  clock: Clock;
  node: string;
  newId(): string;
  deadlineMs: number;
  onFailure(error: unknown): void;
}

/** Tells what was written and what happened, after the fact: nobody waits for it, and none of it is forgotten unnoticed. */
export class Facts {
  readonly #options: FactsOptions;
  readonly #underWay = new Set<Promise<void>>();
  #lost = 0;

  constructor(options: FactsOptions) {
    this.#options = options;
  }

  /** What was written to a socket, or dropped. */
  sent(envelope: Envelope): void {
    this.#publish('MessagesSent', envelope);
  }

  happened(about: { client: string; tenant?: string }, event: string, data: DomainEvent['data']): void {
    const { newId, clock, node } = this.#options;
    const { client, tenant } = about;
    this.#publish('Events', {
      id: newId(),
      serverNode: node,
      client,
      messageTime: clock.now().toISOString(),
      ...(tenant === undefined ? {} : { tenant }),
      event,
      data,
    });
  }

  /** Resolves when everything told so far has arrived or failed. Its length is bounded by the publish deadline. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #publish<T extends Topic>(topic: T, content: TopicContents[T]): void {
    if (this.#underWay.size >= maxInFlight) {
      if (this.#lost++ % 1000 === 0)
        this.#options.log.error({ topic, lost: this.#lost }, 'The bus is too slow: facts are lost to the log');
      return;
    }
    const told: Promise<void> = this.#options.bus
      .publish(topic, content, { deadlineMs: this.#options.deadlineMs })
      .catch((error: unknown) => this.#failed(topic, error))
      .finally(() => this.#underWay.delete(told));
    this.#underWay.add(told);
  }

  #failed(topic: Topic, error: unknown): void {
    this.#options.log.warn({ topic, reason: String(error) }, 'A fact could not be stored');
    this.#options.onFailure(error);
  }
}
