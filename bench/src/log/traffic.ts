/** A fleet's messages of ten days, in the order in which they came. The same for every run but for ids and times. */
import { createIdSource, type Envelope } from '@ocpp-csms/bus';

export const fleetSize = 1000;
export const days = 10;
/** Said by few: for searches that find little. */
export const rareText = 'relay K2 welded';
/** An action of ours that is seldom sent. */
export const rareAction = 'UnlockConnector';

export interface Traffic {
  /** The one that follows; a decision and its answer are two. */
  next(): Envelope;
}

const dayMs = 86_400_000;

/** So many messages, evenly spread over the ten days that end at `endsAt` (milliseconds since 1970). */
export function createTraffic({ count, endsAt }: { count: number; endsAt: number }): Traffic {
  const stepMs = (days * dayMs) / count;
  const random = createRandom(42);
  let [sent, time] = [0, endsAt - days * dayMs];
  const newId = createIdSource({ clock: () => Math.floor(time) });
  const waiting: Envelope[] = [];

  function envelope(part: Pick<Envelope, 'client' | 'origin' | 'body'> & Partial<Envelope>): Envelope {
    const messageTime = new Date(time).toISOString();
    return { serverNode: 'bench', messageTime, id: newId(), connection: 1, protocol: 'ocpp1.6', seq: ++sent, ...part };
  }

  return {
    next() {
      time += stepMs;
      const answer = waiting.shift();
      if (answer !== undefined) return { ...answer, id: newId(), messageTime: new Date(time).toISOString() };
      const client = clientName(Math.floor(random() * fleetSize));
      const { action, payload, answerWith, isOurs, isDecided } = pick(random, new Date(time).toISOString());
      const body = { direction: 2, msgId: String(sent), messageType: action, messageBody: payload } as const;
      const answerBody = { direction: 3, messageBody: answerWith } as const;
      const edge = { ...answerBody, messageTime: new Date(time + 2).toISOString() };
      const call = envelope({
        client,
        origin: isOurs ? 'server' : 'client',
        body,
        ...(isDecided ? {} : { answer: edge }),
      });
      if (isDecided) {
        const origin = isOurs ? 'client' : 'server';
        waiting.push(envelope({ client, origin, body: { ...body, ...answerBody }, answerTo: call.id }));
      }
      return call;
    },
  };
}

export const clientName = (index: number): string => `charge-point-${String(index).padStart(4, '0')}`;
export const tokenName = (index: number): string => `TOKEN${String(index).padStart(5, '0')}`;
export const tokens = 5000;

interface Said {
  action: string;
  payload: object;
  answerWith: object;
  /** We said it. */
  isOurs?: boolean;
  /** The answer is a message of its own. */
  isDecided?: boolean;
}

function pick(random: () => number, now: string): Said {
  const chance = random();
  if (chance < 0.45) return { action: 'Heartbeat', payload: {}, answerWith: { currentTime: now } };
  if (chance < 0.82) return { action: 'MeterValues', payload: meterValues(random, now), answerWith: {} };
  if (chance < 0.95) return { action: 'StatusNotification', payload: status(random, now), answerWith: {} };
  if (chance < 0.9999) return aboutTransactions(random, now);
  return {
    action: rareAction,
    payload: { connectorId: 1 },
    answerWith: { status: 'Unlocked' },
    isOurs: true,
    isDecided: true,
  };
}

function aboutTransactions(random: () => number, timestamp: string): Said {
  const idTag = tokenName(Math.floor(random() * tokens));
  const idTagInfo = { status: 'Accepted' };
  const transactionId = Math.floor(random() * 1_000_000);
  const kind = Math.floor(random() * 3);
  const meter = Math.floor(random() * 1e7);
  if (kind === 0) return { action: 'Authorize', payload: { idTag }, answerWith: { idTagInfo }, isDecided: true };
  if (kind === 1) {
    const payload = { connectorId: 1, idTag, meterStart: meter, timestamp };
    return { action: 'StartTransaction', payload, answerWith: { transactionId, idTagInfo }, isDecided: true };
  }
  const payload = { transactionId, idTag, meterStop: meter, timestamp, reason: 'EVDisconnected' };
  return { action: 'StopTransaction', payload, answerWith: { idTagInfo }, isDecided: true };
}

function meterValues(random: () => number, timestamp: string): object {
  const number = (scale: number) => (random() * scale).toFixed(1);
  const sampledValue = [
    { value: number(1e7), measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
    { value: number(22_000), measurand: 'Power.Active.Import', unit: 'W' },
    { value: number(32), measurand: 'Current.Import', phase: 'L1', unit: 'A' },
    { value: number(100), measurand: 'SoC', unit: 'Percent' },
  ];
  return { connectorId: 1, transactionId: Math.floor(random() * 1e6), meterValue: [{ timestamp, sampledValue }] };
}

function status(random: () => number, timestamp: string): object {
  if (random() < 0.0005)
    return { connectorId: 1, errorCode: 'GroundFailure', status: 'Faulted', info: rareText, timestamp };
  return { connectorId: 1, errorCode: 'NoError', status: random() < 0.5 ? 'Available' : 'Charging', timestamp };
}

/** Numerical Recipes' linear congruential generator: the same fleet every time. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
