import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type BatchHandler,
  BusError,
  type BusHealth,
  type ConnectedBus,
  type ConsumeOptions,
  type Parked,
  type ParkedMessage,
  type Subscription,
  type Topic,
  type TopicContents,
} from '../bus.ts';
import { JsonCopier } from '../copy-json.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { kindOf } from '../delivery/group-options.ts';
import { createParked } from '../delivery/parked-messages.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';
import { settledWithin, sleep } from '../delivery/waiting.ts';
import type { Envelope } from '../envelope.ts';
import { Calls } from '../memory/calls.ts';
import type { BusOptions } from '../options.ts';
import { Groups } from './groups.ts';
import { InboundStreams } from './inbound-streams.ts';
import { Journal } from './journal/journal.ts';
import { encodeRecord, type JournalRecord } from './journal/record.ts';
import { Link } from './link.ts';
import { Listener } from './listener.ts';
import { Listeners } from './listeners.ts';
import type { OutboundStream } from './outbound-stream.ts';
import { OutboundStreams } from './outbound-streams.ts';
import { checkPeers, choosePeer, groupsOf, peerName, peersOnThisMachine, type ZeromqPeer } from './peers.ts';
import { Publishing } from './publishing.ts';
import { RemoteCalls } from './remote-calls.ts';
import { decodeContent, encodeContent, type FromPeer, type Offer, type StreamName, type ToPeer } from './wire.ts';
import type { ZeromqOptions } from './zeromq-options.ts';

const MEBIBYTE = 1024 * 1024;
const SEND_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;
const STOP_POLL_MS = 5;
const DRIVE_TIMEOUT_MS = 30_000;
const HEARTBEAT_MS = 1000;

/**
 * The bus of a few processes that know each other, without a server between them. `publish` resolves when the message
 * is in this process's journal on the disk; from there it is brought to one peer of each group until that has handled it.
 * Rejects, in words for the operator, when the settings cannot work, the address is taken or the folder cannot be written.
 */
export async function createZeromqBus(zeromq: ZeromqOptions, options: BusOptions): Promise<ConnectedBus> {
  const { self } = zeromq;
  const { groups, log } = options;
  const peers = zeromq.peers.length > 0 ? zeromq.peers : peersOnThisMachine(self.node);
  const { own, peersOfGroup } = checkPeers(peers, groups, self);
  const bus = new ZeromqBus({ ...zeromq, peers }, options, own);
  // The address is taken first: two processes that are the same peer must not share a journal.
  await bus.listener.start();
  try {
    const directory = join(zeromq.directory, 'zeromq', peerName(self).replace(/[^A-Za-z0-9._@-]/g, '_'));
    const journal = await Journal.open({
      directory,
      maxBytes: zeromq.journalBytes,
      maxPendingBytes: options.maxInFlightBytes ?? 64 * MEBIBYTE,
      sync: zeromq.synchronous !== 'normal',
      log,
      onCommit: () => bus.streams?.advance(),
      whoNeeds: (position) => bus.streams?.whoNeeds(position) ?? 'nobody',
    });
    if (zeromq.synchronous === 'normal') {
      const words =
        'The journal is not synced (storage.synchronous): a power cut may lose the last acknowledged messages';
      log?.warn({ directory }, words);
    }
    bus.begin(journal, await OutboundStreams.open({ directory, journal, groups, peersOfGroup, log }));
    return bus;
  } catch (error) {
    await bus.listener.stop();
    throw error;
  }
}

class ZeromqBus implements ConnectedBus {
  readonly parked: Parked;
  readonly listener: Listener;
  streams: OutboundStreams | undefined;
  readonly #options: BusOptions;
  readonly #self: string;
  readonly #copier = new JsonCopier();
  readonly #deadlines: Deadlines;
  readonly #nodes: Calls;
  readonly #subjects: Calls;
  readonly #remote: RemoteCalls;
  readonly #listeners: Listeners;
  readonly #groups: Groups;
  readonly #inbound: InboundStreams;
  readonly #links: readonly Link[];
  #journal: Journal | undefined;
  #turn = 0;
  #stopped = false;

  constructor(zeromq: ZeromqOptions, options: BusOptions, own: ZeromqPeer) {
    const settings = digestOf({ peers: zeromq.peers, groups: options.groups });
    this.#options = options;
    this.#self = peerName(own);
    this.#groups = new Groups(options, groupsOf(own));
    this.#deadlines = new Deadlines(() => this.#groups.watch(performance.now()));
    this.#nodes = new Calls('node', this.#deadlines, this.#copier);
    this.#subjects = new Calls('subject', this.#deadlines, this.#copier);
    this.#remote = new RemoteCalls(this.#deadlines);
    this.#listeners = new Listeners(options.log);
    this.#inbound = new InboundStreams({
      push: ({ topic, group }, kind, arrival) => {
        const queue = this.#groups.queueOf(topic, group);
        if (!queue?.wants(kind)) return false;
        queue.push(arrival());
        return true;
      },
      sendHandled: (publisher, name, indexes) => this.#sendHandled(publisher, name, indexes),
    });
    const others = zeromq.peers.filter((peer) => peer !== own);
    this.listener = new Listener({
      address: own.address,
      peers: new Set(others.map(peerName)),
      settings,
      log: options.log,
      offer: () => this.#offer(),
      received: (peer, header, content) => this.#fromPeer(peer, header, content),
    });
    this.#links = others.map((peer) => this.#createLink(peer, settings, zeromq));
    this.parked = createParked(options.parking, (message) => this.#handAgain(message));
  }

  begin(journal: Journal, streams: OutboundStreams): void {
    this.#journal = journal;
    this.streams = streams;
    streams.start(this.#self, (stream) => (records, after) => {
      // In a turn of its own, as it would behind a socket.
      setImmediate(() => this.#inbound.accept(this.#self, streams.nameOf(stream), after, bytesOf(records)));
    });
    for (const link of this.#links) link.start();
  }

  publish<T extends Topic>(topic: T, content: TopicContents[T], options?: { deadlineMs?: number }): Promise<void> {
    if (this.#stopped || !this.#journal) return Promise.reject(stopped());
    if (this.#options.groups[topic].length === 0) return Promise.resolve();
    const { client } = content;
    const kind = kindOf(content);
    let bytes: Buffer;
    try {
      bytes = encodeRecord(topic, client, kind, JSON.stringify(content));
    } catch (error) {
      if (error instanceof BusError) return Promise.reject(error);
      return Promise.reject(new BusError('Refused', `${topic}: the message cannot be written: ${reasonOf(error)}`));
    }
    const taken = this.#journal.append({ topic, client, kind, bytes });
    return new Publishing(taken, options?.deadlineMs ?? this.#options.deadlineMs ?? 10_000, topic, this.#deadlines)
      .promise;
  }

  async consume<T extends Topic>(
    topic: T,
    group: string,
    handler: BatchHandler<TopicContents[T]>,
    options: ConsumeOptions = {},
  ): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#announced(this.#groups.subscribe(topic, group, handler, options));
  }

  async send(node: string, envelope: Envelope, { timeoutMs = SEND_TIMEOUT_MS } = {}): Promise<void> {
    if (this.#stopped) throw stopped();
    if (this.#nodes.has(node)) return void (await this.#nodes.call(node, envelope, timeoutMs));
    const link = this.#links.find(({ offer }) => offer?.nodes.includes(node));
    if (!link) throw new BusError('NobodyThere', `nobody is there for the node ${node}`);
    await this.#remote.call(link, 'node', node, envelope, timeoutMs);
  }

  async receive(node: string, handler: (envelope: Envelope) => Promise<void>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    if (this.#nodes.has(node)) throw new BusError('Refused', `two receive as the node ${node}: give each its own name`);
    return this.#announced(this.#nodes.add(node, (envelope) => handler(envelope as Envelope)));
  }

  async request(subject: string, question: unknown, { timeoutMs = REQUEST_TIMEOUT_MS } = {}): Promise<unknown> {
    if (this.#stopped) throw stopped();
    if (this.#subjects.has(subject)) return this.#subjects.call(subject, question, timeoutMs);
    const servers = this.#links.filter(({ offer }) => offer?.subjects.includes(subject));
    // Several serve a subject: they take turns.
    const turn = this.#turn++;
    for (let at = 0; at < servers.length; at++) {
      const link = servers[(turn + at) % servers.length];
      try {
        if (link) return await this.#remote.call(link, 'subject', subject, question, timeoutMs);
      } catch (error) {
        // It has just ceased to serve, and nothing was done: the next one is asked.
        if (!(error instanceof BusError && error.code === 'NobodyThere')) throw error;
      }
    }
    throw new BusError('NobodyThere', `nobody is there for the subject ${subject}`);
  }

  async serve(subject: string, handler: (question: unknown) => Promise<unknown>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#announced(this.#subjects.add(subject, handler));
  }

  broadcast(channel: string, content: unknown): void {
    if (this.#stopped) return;
    try {
      const encoded = encodeContent(content);
      this.#listeners.tell(channel, encoded);
      for (const link of this.#links) link.broadcast(channel, encoded);
    } catch (error) {
      this.#options.log?.error({ channel, reason: reasonOf(error) }, 'Broadcast cannot be copied; it is dropped');
    }
  }

  async listen(channel: string, listener: (content: unknown) => void): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#announced(this.#listeners.add(channel, listener));
  }

  /** What this bus runs on is the disk: a peer that is away is waited for, and only a full journal ends that. */
  health(): BusHealth {
    if (this.#stopped || !this.#journal) return { connected: false, reason: 'the bus was stopped' };
    const reason = this.#journal.trouble;
    return reason === undefined ? { connected: true } : { connected: false, reason };
  }

  /** What waits for the disk, and what some peer has not yet handled. */
  inFlight(): { messages: number; bytes: number } {
    const { messages = 0, bytes = 0 } = this.#journal?.pending ?? {};
    const { messages: behind = 0, bytes: behindBytes = 0 } = this.streams?.backlog ?? {};
    return { messages: messages + behind, bytes: bytes + behindBytes };
  }

  async stop({ timeoutMs = STOP_TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#stopped) return;
    const until = performance.now() + timeoutMs;
    while (this.#isBusy() && performance.now() < until) await sleep(STOP_POLL_MS);
    if (this.#stopped) return;
    this.#stopped = true;
    this.#nodes.stop();
    this.#subjects.stop();
    this.#remote.stop();
    this.#listeners.clear();
    await settledWithin(this.#groups.end(), Math.max(until - performance.now(), STOP_POLL_MS));
    this.#inbound.flush();
    await this.#journal?.close();
    await this.streams?.close();
    this.#deadlines.expireAll();
    await Promise.all([this.listener.stop(), ...this.#links.map((link) => link.stop())]);
  }

  #createLink(peer: ZeromqPeer, settings: string, zeromq: ZeromqOptions): Link {
    const { heartbeatMs = HEARTBEAT_MS, silenceMs = 3 * heartbeatMs } = zeromq;
    const { log } = this.#options;
    const name = peerName(peer);
    const link: Link = new Link({
      peer: name,
      address: peer.address,
      self: this.#self,
      settings,
      heartbeatMs,
      silenceMs,
      log,
      up: () => this.#startStreams(link),
      down: () => {
        this.streams?.stop(name);
        this.#remote.lost(name);
      },
      received: (header, content) => this.#answered(link, header, content),
    });
    return link;
  }

  #startStreams(link: Link): void {
    this.streams?.start(link.peer, (stream) => this.#deliveryBy(link, stream));
  }

  #deliveryBy(link: Link, stream: OutboundStream) {
    const name = this.streams?.nameOf(stream);
    return (records: readonly JournalRecord[], after: number) => {
      if (name) link.send({ type: 'data', after, ...name }, bytesOf(records));
    };
  }

  /** What a peer says to what we sent to it. */
  #answered(link: Link, header: FromPeer, content: Buffer | undefined): void {
    if (header.type === 'handled') this.streams?.handled(link.peer, header, header.indexes);
    else if (header.type === 'answer') this.#remote.answered(header, content);
    else if (header.type === 'gap') {
      const stream = this.streams?.find(link.peer, header);
      stream?.start(this.#deliveryBy(link, stream));
    } else if (header.type === 'not-here') this.#refused(link, header);
  }

  #refused(link: Link, header: Extract<FromPeer, { type: 'not-here' }>): void {
    this.streams?.find(link.peer, header)?.stop();
    const { topic, group, reason } = header;
    this.#options.log?.error(
      { peer: link.peer, topic, group, reason },
      'A peer does not take its messages; they are kept until it does. Are zeromq.peers the same everywhere?',
    );
  }

  /** What a peer sends to us. */
  #fromPeer(
    peer: string,
    header: Exclude<ToPeer, { type: 'hello' | 'ping' }>,
    content: Buffer = Buffer.alloc(0),
  ): void {
    if (header.type === 'broadcast') this.#listeners.tell(header.channel, content.toString());
    else if (header.type === 'call') void this.#answer(peer, header, content);
    else this.#accept(peer, header, content);
  }

  #accept(peer: string, header: Extract<ToPeer, { type: 'data' }>, content: Buffer): void {
    const { topic, group, stream, after } = header;
    const name = { topic, group, stream };
    if (!this.#groups.queueOf(topic, group)) {
      const reason = `${this.#self} does not consume ${topic} as ${group}`;
      this.listener.send(peer, { type: 'not-here', reason, ...name });
    } else if (!this.#inbound.accept(peer, name, after, content)) this.listener.send(peer, { type: 'gap', ...name });
  }

  /** Never rejects. */
  async #answer(peer: string, header: Extract<ToPeer, { type: 'call' }>, content: Buffer): Promise<void> {
    const { call } = header;
    try {
      const answer = await this.#callHere(header, decodeContent(content));
      this.listener.send(peer, { type: 'answer', call }, encodeContent(answer));
    } catch (error) {
      const code = error instanceof BusError ? error.code : 'Refused';
      this.listener.send(peer, { type: 'answer', call, error: { code, message: reasonOf(error) } });
    }
  }

  #callHere({ kind, name, timeoutMs }: Extract<ToPeer, { type: 'call' }>, content: unknown): Promise<unknown> {
    if (kind === 'node') return this.#nodes.call(name, content, timeoutMs);
    if (kind === 'subject') return this.#subjects.call(name, content, timeoutMs);
    return this.#groups.handAgain(content as ParkedMessage);
  }

  /** A parked message goes to whoever consumes for the group: another process, perhaps. */
  async #handAgain(message: ParkedMessage): Promise<void> {
    if (this.#stopped) throw stopped();
    const { topic, group, client } = message;
    if (this.#groups.queueOf(topic, group)) return this.#groups.handAgain(message);
    const consumers = this.#links.filter(({ offer }) => offer?.consumed.includes(`${topic}/${group}`));
    const chosen = choosePeer(
      client,
      consumers.map(({ peer }) => peer),
    );
    const link = consumers.find(({ peer }) => peer === chosen);
    if (!link) throw new BusError('NobodyThere', `nobody consumes as ${group} now`);
    await this.#remote.call(link, 'group', group, message, DRIVE_TIMEOUT_MS);
  }

  #sendHandled(publisher: string, name: StreamName, indexes: number[]): void {
    if (publisher === this.#self) this.streams?.handled(publisher, name, indexes);
    else this.listener.send(publisher, { type: 'handled', ...name, indexes });
  }

  #offer(): Offer {
    return {
      nodes: this.#nodes.names(),
      subjects: this.#subjects.names(),
      channels: this.#listeners.channels(),
      consumed: this.#groups.consumed(),
    };
  }

  /** Others learn of what comes and goes. */
  #announced(subscription: Subscription): Subscription {
    this.listener.sendOffer();
    return {
      close: () => {
        const closing = subscription.close();
        this.listener.sendOffer();
        return closing;
      },
    };
  }

  #isBusy(): boolean {
    if (this.#nodes.size + this.#subjects.size + this.#remote.size + (this.#journal?.pending.messages ?? 0) > 0)
      return true;
    return this.#groups.isBusy || (this.streams?.behind() ?? []).some((stream) => this.#isConsumed(stream));
  }

  /** A peer that is away, or consumes nothing now, will not get on by our waiting. */
  #isConsumed({ peer, topic, group }: OutboundStream): boolean {
    const name = `${topic}/${group}`;
    if (peer === this.#self) return this.#groups.consumed().includes(name);
    return this.#links.some((link) => link.peer === peer && link.offer?.consumed.includes(name));
  }
}

function bytesOf(records: readonly JournalRecord[]): Buffer {
  const [first] = records;
  return records.length === 1 && first ? first.bytes : Buffer.concat(records.map(({ bytes }) => bytes));
}

function digestOf(settings: object): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}
