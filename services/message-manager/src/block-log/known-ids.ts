import type { Envelope } from '@ocpp-csms/bus';
import type { Block } from './pack-blocks.ts';

/** Ids that are remembered, about. */
const maxRemembered = 20_000;

type Remembered = Pick<Block, 'firstId' | 'lastId' | 'ids'>;

/**
 * Tells without the database which messages cannot be in the log yet (docs/decisions/0005-log-in-blocks.md). Ids of one
 * source rise, so a message above all that came from its source is new. One that is not, because messages overtook
 * each other, is looked for in what was written last.
 */
export class KnownIds {
  /** The highest id by who spoke and server node. */
  readonly #highest = { client: new Map<string, string>(), server: new Map<string, string>() };
  readonly #recent: Remembered[] = [];
  #recentCount = 0;
  /** The highest id in the log when this process came to it. */
  readonly #loggedBefore: string;
  /** The highest id that was written here and is remembered no more. */
  #forgottenTo = '';

  constructor(loggedBefore: string) {
    this.#loggedBefore = loggedBefore;
  }

  /** Those that may be in the log, or in this batch, already. All of the batch count as seen from now on. */
  doubtful(batch: readonly Envelope[]): string[] {
    const doubtful: string[] = [];
    let earlier: Set<string> | undefined;
    for (const [index, { id, origin, serverNode }] of batch.entries()) {
      const highest = this.#highest[origin];
      const last = highest.get(serverNode);
      const isAboveAll = last === undefined || id > last;
      if (isAboveAll) highest.set(serverNode, id);
      if (!isAboveAll || id <= this.#loggedBefore) {
        earlier ??= new Set(batch.slice(0, index).map((envelope) => envelope.id));
        if (earlier.has(id) || this.#mayBeLogged(id)) doubtful.push(id);
      }
      earlier?.add(id);
    }
    return doubtful;
  }

  /** To be called before they are written: when the commit fails nobody knows whether they are in the log. */
  remember(blocks: readonly Block[]): void {
    for (const { firstId, lastId, ids } of blocks) {
      this.#recent.push({ firstId, lastId, ids });
      this.#recentCount += ids.length;
    }
    while (this.#recentCount > maxRemembered) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#recent.shift();
    if (oldest === undefined) return;
    this.#recentCount -= oldest.ids.length;
    if (oldest.lastId > this.#forgottenTo) this.#forgottenTo = oldest.lastId;
  }

  #mayBeLogged(id: string): boolean {
    if (id <= this.#loggedBefore || id <= this.#forgottenTo) return true;
    return this.#recent.some(({ firstId, lastId, ids }) => firstId <= id && id <= lastId && ids.includes(id));
  }
}
