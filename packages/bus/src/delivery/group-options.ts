import type { Topic } from '../bus.ts';
import type { DomainEvent, Envelope } from '../envelope.ts';
import type { BusOptions } from '../options.ts';
import type { GroupOptions } from './group-queue.ts';

const RETRY_DELAYS_MS = [100, 200, 500, 1000, 2000, 5000];

/** How a group of a topic is served, the same with every driver. */
export function groupOptionsOf<Content extends Envelope | DomainEvent>(
  options: BusOptions,
  topic: Topic,
  group: string,
  own: Pick<GroupOptions<Content>, 'schedule' | 'done' | 'leased'>,
): GroupOptions<Content> {
  const { parking, log, attempts = 3, batchSize = 500, retryDelaysMs = RETRY_DELAYS_MS, clock = Date.now } = options;
  return {
    topic,
    group,
    batchSize,
    attempts,
    retryDelaysMs,
    log,
    park: async ({ content, client }, { attempts, reason }) => {
      const parkedAt = new Date(clock()).toISOString();
      await parking.add({ id: content.id, topic, group, client, parkedAt, attempts, reason, content });
      const details = { topic, group, networkId: client, id: content.id, kind: kindOf(content), reason };
      log?.error(details, 'Message is parked after it was refused repeatedly; drive it again once the cause is gone');
    },
    ...own,
  };
}

/** What `only` is compared with: the action or the event. */
export function kindOf(content: Envelope | DomainEvent): string {
  return 'body' in content ? content.body.messageType : content.event;
}
