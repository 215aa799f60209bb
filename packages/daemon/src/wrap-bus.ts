import type { ConnectedBus } from '@ocpp-csms/bus';

/** The same bus, except for what is given. */
export function wrapBus(bus: ConnectedBus, changed: Partial<ConnectedBus>): ConnectedBus {
  return {
    publish: (topic, content, options) => bus.publish(topic, content, options),
    consume: (topic, group, handler, options) => bus.consume(topic, group, handler, options),
    send: (node, envelope, options) => bus.send(node, envelope, options),
    receive: (node, handler) => bus.receive(node, handler),
    request: (subject, question, options) => bus.request(subject, question, options),
    serve: (subject, handler) => bus.serve(subject, handler),
    broadcast: (channel, content) => bus.broadcast(channel, content),
    listen: (channel, handler) => bus.listen(channel, handler),
    parked: bus.parked,
    inFlight: () => bus.inFlight(),
    stop: (options) => bus.stop(options),
    health: () => bus.health(),
    ...changed,
  };
}
