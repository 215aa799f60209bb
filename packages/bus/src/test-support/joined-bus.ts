import type { Bus } from '../bus.ts';
import { sleep } from '../delivery/waiting.ts';

const PATIENCE_MS = 5000;

/**
 * Two buses as one: `near` publishes, sends and asks, `far` consumes, receives and serves, so that everything goes over
 * the wire. What is done at the far side resolves when the near one has heard of it.
 */
export function joinBuses(near: Bus, far: Bus): Bus {
  let count = 0;

  /** What one side announces it announces in order: when a later name is known, so is the earlier one. */
  async function heard<Result>(change: Promise<Result>): Promise<Result> {
    const result = await change;
    const name = `heard-${++count}`;
    const probe = await far.serve(name, async () => 'yes');
    const end = performance.now() + PATIENCE_MS;
    while ((await near.request(name, {}).catch(() => undefined)) !== 'yes') {
      if (performance.now() > end)
        throw new Error(`the near bus has not heard of the far one within ${PATIENCE_MS} ms`);
      await sleep(2);
    }
    await probe.close();
    return result;
  }

  return {
    publish: (...args) => near.publish(...args),
    consume: (...args) => heard(far.consume(...args)),
    send: (...args) => near.send(...args),
    receive: (...args) => heard(far.receive(...args)),
    request: (...args) => near.request(...args),
    serve: (...args) => heard(far.serve(...args)),
    broadcast: (...args) => near.broadcast(...args),
    listen: (...args) => heard(far.listen(...args)),
    // Of the side that consumes nothing: driving a parked message goes over the wire too.
    parked: near.parked,
    inFlight: () => near.inFlight(),
    stop: async (...args) => {
      await near.stop(...args);
      await far.stop(...args);
    },
  };
}
