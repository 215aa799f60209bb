import { type ConnectedBus, liveEventsChannel, type Topic, type TopicContents } from '@ocpp-csms/bus';
import { wrapBus } from './wrap-bus.ts';

/**
 * The same bus, which also tells each event live, without memory, for open pages: once every group is sure of it, so
 * that who hears of it and asks gets an answer that knows of it.
 */
export function withLiveEvents(bus: ConnectedBus): ConnectedBus {
  async function publish<T extends Topic>(topic: T, content: TopicContents[T], options?: { deadlineMs?: number }) {
    await bus.publish(topic, content, options);
    if (topic === 'Events') bus.broadcast(liveEventsChannel, content);
  }
  return wrapBus(bus, { publish });
}
