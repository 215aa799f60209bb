import type { BatchHandler, ConnectedBus, ConsumeOptions, Topic, TopicContents } from '@ocpp-csms/bus';
import type { Metrics } from '@ocpp-csms/runtime';
import { wrapBus } from './wrap-bus.ts';

/** The same bus, with figures of what goes over it (docs/operations/monitoring.md). */
export function measuredBus(bus: ConnectedBus, metrics: Metrics): ConnectedBus {
  const published = metrics.duration(
    'bus_publish_seconds',
    'Until a message is safe on the bus; in one process until every group has handled it',
    ['topic'],
  );
  const publishSeconds = ofEach((topic) => published.with(topic));
  const failures = metrics.counter('bus_publish_failures_total', 'Messages that the bus did not take', ['topic']);
  // There from the start: an alert compares with what was before.
  const failed = ofEach((topic) => failures.with(topic));
  const batchSeconds = metrics.duration(
    'bus_batch_seconds',
    'How long a group takes to handle a batch, its commit included',
    ['topic', 'group', 'outcome'],
  );
  const batchSize = metrics.size('bus_batch_messages', 'Messages that a group commits together', ['topic', 'group']);
  const inFlight = 'on the bus that are not yet handled';
  metrics.gauge('bus_in_flight_messages', `Messages ${inFlight}`, () => bus.inFlight().messages);
  metrics.gauge('bus_in_flight_bytes', `Size of the messages ${inFlight}`, () => bus.inFlight().bytes);
  metrics.gauge('bus_connected', '1: what the bus runs on is there', () => (bus.health().connected ? 1 : 0));
  metrics.gauge('parked_messages', 'Messages that a group refused and that wait for an operator', () =>
    // A database that is away is told by readiness.
    bus.parked.count().catch(() => Number.NaN),
  );

  function measured<T extends Topic>(topic: T, group: string, handler: BatchHandler<TopicContents[T]>) {
    const size = batchSize.with(topic, group);
    const handled = batchSeconds.with(topic, group, 'handled');
    const refused = batchSeconds.with(topic, group, 'failed');
    const observe: BatchHandler<TopicContents[T]> = async (batch) => {
      const since = performance.now();
      let timing = refused;
      try {
        await handler(batch);
        timing = handled;
      } finally {
        size.observe(batch.length);
        timing.observe((performance.now() - since) / 1000);
      }
    };
    return observe;
  }

  return wrapBus(bus, {
    publish(topic, content, options) {
      const since = performance.now();
      const publishing = bus.publish(topic, content, options);
      publishing.then(
        () => publishSeconds[topic].observe((performance.now() - since) / 1000),
        () => failed[topic].add(),
      );
      return publishing;
    },
    consume<T extends Topic>(
      topic: T,
      group: string,
      handler: BatchHandler<TopicContents[T]>,
      options?: ConsumeOptions,
    ) {
      return bus.consume(topic, group, measured(topic, group, handler), options);
    },
  });
}

function ofEach<Of>(make: (topic: Topic) => Of): Record<Topic, Of> {
  return { MessagesIn: make('MessagesIn'), MessagesSent: make('MessagesSent'), Events: make('Events') };
}
