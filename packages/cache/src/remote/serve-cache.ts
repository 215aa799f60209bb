import type { Cache } from '../cache.ts';
import type { CacheQuestion } from './remote-cache.ts';

/** Answers what `createRemoteCache` asks of this process's cache. `null` stands for what is not there. */
export function serveCache({ auth, connections }: Cache): (question: CacheQuestion) => Promise<unknown> {
  const orNull = async (answer: Promise<unknown>) => (await answer) ?? null;
  return (question) => {
    switch (question.verb) {
      case 'auth.get':
        return orNull(auth.get(question.networkId));
      case 'auth.put':
        return orNull(auth.put(question.record));
      case 'auth.delete':
        return orNull(auth.delete(question.networkId));
      case 'auth.isComplete':
        return auth.isComplete();
      case 'auth.setComplete':
        return orNull(auth.setComplete(question.complete, question.filling));
      case 'auth.startFilling':
        return auth.startFilling();
      case 'auth.networkIds':
        return auth.networkIds();
      case 'connections.claim':
        return connections.claim(question.claim);
      case 'connections.release':
        return connections.release(question.networkId, question.node, question.epoch);
      case 'connections.get':
        return orNull(connections.get(question.networkId));
      case 'connections.list':
        return connections.list();
      case 'connections.renew':
        return connections.renew(question.node, question.leaseMs);
    }
  };
}
