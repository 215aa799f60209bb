import type { BusErrorCode, Topic } from '../bus.ts';

/** What peers say to each other: a header as JSON, and for some a second frame. The version is part of `hello`. */
export const WIRE_VERSION = 1;

/** Names one stream of messages: what one publisher has for one peer of one group of one topic. */
export interface StreamName {
  topic: Topic;
  group: string;
  /** Of the publisher's journal and of the division of clients among peers: indexes are compared within it alone. */
  stream: string;
}

/** What a peer is there for now. */
export interface Offer {
  nodes: string[];
  subjects: string[];
  channels: string[];
  /** `topic/group` that somebody has subscribed to. */
  consumed: string[];
}

/** `group`: a parked message for whoever consumes as this group. */
export type CallKind = 'node' | 'subject' | 'group';

export type ToPeer =
  | { type: 'hello'; version: number; peer: string; settings: string }
  | { type: 'ping' }
  /** Second frame: records. `after`: the last index sent before these; -1 at the beginning of a session. */
  | ({ type: 'data'; after: number } & StreamName)
  /** Second frame: the content as JSON. */
  | { type: 'call'; call: number; kind: CallKind; name: string; timeoutMs: number }
  | { type: 'broadcast'; channel: string };

export type FromPeer =
  | { type: 'welcome'; offer: Offer; settings: string }
  | { type: 'turned-away'; reason: string }
  | { type: 'pong' }
  | { type: 'offer'; offer: Offer }
  | ({ type: 'handled'; indexes: number[] } & StreamName)
  /** Something is missing before what came: start again from what is not handled. */
  | ({ type: 'gap' } & StreamName)
  | ({ type: 'not-here'; reason: string } & StreamName)
  /** Second frame: the answer as JSON, unless it is an error. */
  | { type: 'answer'; call: number; error?: { code: BusErrorCode; message: string } };

export function encodeHeader(header: ToPeer | FromPeer): string {
  return JSON.stringify(header);
}

/** Undefined is a JSON value to nobody: it travels as an empty frame. */
export function encodeContent(content: unknown): string {
  return content === undefined ? '' : JSON.stringify(content);
}

export function decodeContent(frame: Buffer | undefined): unknown {
  return !frame || frame.length === 0 ? undefined : JSON.parse(frame.toString());
}
