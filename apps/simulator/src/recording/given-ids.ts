import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';

/** The ids that the CSMS gave in the recording, and what this one gave in their places. */
export interface GivenIds {
  /** Of two answers to the same CALL. Only 1.6 has ids there; in 2.x a transaction has its id from the charge point. */
  learnFromAnswers(recorded: JsonObject, now: JsonObject): void;
  /** Of two CALLs of the CSMS that stand for each other. */
  learnFromCalls(recorded: JsonObject, now: JsonObject): void;
  /** The payload with the ids of this CSMS. */
  replaceIn(payload: JsonObject): JsonObject;
}

const inAnswers = ['transactionId'];
const inCalls = ['requestId', 'remoteStartId', 'reservationId'];

export function createGivenIds(): GivenIds {
  const given = new Map<string, unknown>();

  function learn(names: readonly string[], recorded: JsonObject, now: JsonObject): void {
    for (const name of names)
      if (recorded[name] !== undefined && now[name] !== undefined) given.set(`${name} ${recorded[name]}`, now[name]);
  }

  function replaceIn(payload: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, replaceValue(name, value)]));
  }

  function replaceValue(name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => replaceValue(name, element));
    if (isJsonObject(value)) return replaceIn(value);
    const key = `${name} ${value}`;
    return given.has(key) ? given.get(key) : value;
  }

  return {
    learnFromAnswers: (recorded, now) => learn(inAnswers, recorded, now),
    learnFromCalls: (recorded, now) => learn(inCalls, recorded, now),
    replaceIn,
  };
}
