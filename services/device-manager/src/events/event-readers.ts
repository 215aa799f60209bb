import { type Bus, type DomainEvent, liveEventsChannel, type Subscription } from '@ocpp-csms/bus';
import type { EventStream } from '@ocpp-csms/http';

export interface EventFilter {
  /** networkId */
  client?: string;
  events?: ReadonlySet<string>;
}

/** Who follows the events over REST. */
export interface EventReaders {
  isFull(): boolean;
  /** `lastEventId`: what came after it comes first, as far as it is remembered. */
  serve(stream: EventStream, filter: EventFilter, lastEventId?: string): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Of one node. */
export const maxEventReaders = 500;
/** For a reader whose connection was lost for a moment. Each is some hundred bytes. */
const remembered = 1000;

/** Events as they happen, wherever they happen. Who was away for longer is told of the gap, and asks the lists. */
export function createEventReaders(bus: Bus): EventReaders {
  const readers = new Map<EventStream, EventFilter>();
  const last: DomainEvent[] = [];
  let subscription: Subscription | undefined;

  function hear(content: unknown): void {
    const event = withoutSecrets(content as DomainEvent);
    last.push(event);
    if (last.length > remembered) last.shift();
    for (const [stream, filter] of readers) if (isWanted(event, filter)) send(stream, event);
  }

  return {
    isFull: () => readers.size >= maxEventReaders,
    serve(stream, filter, lastEventId) {
      if (lastEventId !== undefined) {
        const at = last.findIndex(({ id }) => id === lastEventId);
        if (at < 0) stream.send('gap', {});
        else for (const event of last.slice(at + 1)) if (isWanted(event, filter)) send(stream, event);
      }
      readers.set(stream, filter);
      stream.onClose(() => readers.delete(stream));
    },
    async start() {
      subscription = await bus.listen(liveEventsChannel, hear);
    },
    async stop() {
      await subscription?.close();
      for (const stream of readers.keys()) stream.close();
    },
  };
}

const send = (stream: EventStream, event: DomainEvent): boolean => stream.send(event.event, event, event.id);

function isWanted({ client, event }: DomainEvent, filter: EventFilter): boolean {
  return (filter.client === undefined || filter.client === client) && (filter.events?.has(event) ?? true);
}

/** What a refused charge point offered is for adopting it, and for nobody to read. */
function withoutSecrets(event: DomainEvent): DomainEvent {
  const { passwordDigests: _secret, ...data } = event.data;
  return { ...event, data };
}
