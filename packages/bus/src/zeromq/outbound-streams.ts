import type { Topic, TopicGroups } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { type Cursor, type Cursors, readCursors, writeCursors } from './journal/cursors.ts';
import type { Journal } from './journal/journal.ts';
import { type Deliver, OutboundStream } from './outbound-stream.ts';
import { choosePeer } from './peers.ts';
import type { StreamName } from './wire.ts';

export interface OutboundStreamsOptions {
  directory: string;
  journal: Journal;
  groups: TopicGroups;
  peersOfGroup: ReadonlyMap<string, readonly string[]>;
  log: BusLog | undefined;
}

const SAVE_MS = 500;

/** All streams of this publisher: for each topic, each of its groups and each peer of the group. */
export class OutboundStreams {
  readonly #options: OutboundStreamsOptions;
  readonly #streams: readonly OutboundStream[];
  #saved = '';
  #saving: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(options: OutboundStreamsOptions, streams: readonly OutboundStream[]) {
    this.#options = options;
    this.#streams = streams;
    this.#timer = setInterval(() => this.#saveSoon(), SAVE_MS);
  }

  /** Goes on where each stream was. What is new to the settings begins with what is published from now on. */
  static async open(options: OutboundStreamsOptions): Promise<OutboundStreams> {
    const cursors = await readCursors(options.directory);
    const { groups, peersOfGroup, journal, log } = options;
    const streams: OutboundStream[] = [];
    for (const [topic, named] of Object.entries(groups) as [Topic, readonly string[]][]) {
      for (const group of named) {
        const peers = peersOfGroup.get(group) ?? [];
        for (const peer of peers) {
          const has = (client: string) => choosePeer(client, peers) === peer;
          const cursor = startOf(cursors, journal, { topic, group, peer, peers });
          streams.push(new OutboundStream({ topic, group, peer, journal, has, cursor, log }));
        }
      }
    }
    const outbound = new OutboundStreams(options, streams);
    // A group that is new must be known before the first message that it is promised.
    await outbound.#save(true);
    return outbound;
  }

  /** What this stream is called on the wire: it changes when the clients are divided anew. */
  nameOf({ topic, group }: OutboundStream): StreamName {
    const peers = this.#options.peersOfGroup.get(group) ?? [];
    return { topic, group, stream: `${this.#options.journal.id} ${peers.join(' ')}` };
  }

  start(peer: string, deliver: (stream: OutboundStream) => Deliver): void {
    for (const stream of this.#of(peer)) stream.start(deliver(stream));
  }

  stop(peer: string): void {
    for (const stream of this.#of(peer)) stream.stop();
  }

  advance(): void {
    for (const stream of this.#streams) stream.advance();
  }

  find(peer: string, name: StreamName): OutboundStream | undefined {
    const found = this.#streams.find((stream) => {
      return stream.peer === peer && stream.topic === name.topic && stream.group === name.group;
    });
    return found && this.nameOf(found).stream === name.stream ? found : undefined;
  }

  handled(peer: string, name: StreamName, indexes: readonly number[]): void {
    this.find(peer, name)?.handled(indexes);
    const { position } = this.#low();
    if (this.#options.journal.isReleasable(position)) void this.#options.journal.release(position);
  }

  /** Those that still have something for a peer. */
  behind(): OutboundStream[] {
    return this.#streams.filter((stream) => stream.isBehind);
  }

  /** The peers that still need what is before this position, in words. */
  whoNeeds(position: number): string {
    const peers = this.#streams.filter(({ low }) => low.position < position).map(({ peer }) => peer);
    return peers.length === 0 ? 'nobody' : [...new Set(peers)].join(', ');
  }

  /** What somebody has not yet handled; a message counts once, and what comes behind it in the journal counts along. */
  get backlog(): { messages: number; bytes: number } {
    const { journal } = this.#options;
    const low = this.#low();
    return { messages: journal.nextIndex - low.index, bytes: journal.end - low.position };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const stream of this.#streams) stream.stop();
    await this.#saving;
    await this.#save(false);
  }

  #of(peer: string): OutboundStream[] {
    return this.#streams.filter((stream) => stream.peer === peer);
  }

  #low(): Cursor {
    const { journal } = this.#options;
    let low: Cursor = { position: journal.end, index: journal.nextIndex };
    for (const stream of this.#streams) if (stream.low.position < low.position) low = stream.low;
    return low;
  }

  #saveSoon(): void {
    this.#saving ??= this.#save(false).finally(() => {
      this.#saving = undefined;
    });
  }

  async #save(sync: boolean): Promise<void> {
    const { directory, journal, log } = this.#options;
    const state: Cursors = {};
    for (const { topic, group, peer, low } of this.#streams) {
      const peers = this.#options.peersOfGroup.get(group) ?? [];
      state[`${topic}/${group}`] ??= { journal: journal.id, peers, cursors: {} };
      const { cursors } = state[`${topic}/${group}`] ?? { cursors: {} as Record<string, Cursor> };
      cursors[peer] = low;
    }
    const text = JSON.stringify(state);
    if (text === this.#saved) return;
    try {
      await writeCursors(directory, text, sync);
      this.#saved = text;
    } catch (error) {
      if (sync) throw error;
      log?.warn(
        { directory, reason: reasonOf(error) },
        'How far the peers are cannot be written; a restart would deliver some messages again',
      );
    }
  }
}

function startOf(
  cursors: Cursors | undefined,
  journal: Journal,
  { topic, group, peer, peers }: { topic: Topic; group: string; peer: string; peers: readonly string[] },
): Cursor {
  const { oldest, end, nextIndex } = journal;
  const now = { position: end, index: nextIndex };
  if (!cursors) return oldest;
  const known = cursors[`${topic}/${group}`];
  if (!known) return now;
  if (known.journal !== journal.id) return oldest;
  const same = known.peers.length === peers.length && known.peers.every((name, at) => name === peers[at]);
  const own = same ? known.cursors[peer] : undefined;
  // The clients are divided anew: whoever has one now begins with what any peer had not handled.
  const start =
    own ?? Object.values(known.cursors).reduce((low, other) => (other.position < low.position ? other : low), now);
  if (start.position < oldest.position) return oldest;
  return start.position > end ? now : start;
}
