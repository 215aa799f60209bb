import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { Quirk } from '../quirks.ts';
import type { Message } from './message.ts';

/** What real firmware makes of a message that is as it should be (quirks.ts). */
export function distort({ action, payload }: Message, quirks: ReadonlySet<Quirk>): Message {
  let distorted = payload;
  for (const quirk of quirks) distorted = distortions[quirk]?.(action, distorted) ?? distorted;
  return { action, payload: distorted };
}

/** The same where no payload can say it. */
export function distortText(action: string, text: string, quirks: ReadonlySet<Quirk>): string {
  if (action !== 'MeterValues' || !quirks.has('invalid-json-meter-values')) return text;
  return text.replace(/"transactionId":-?\d+/, '"transactionId":');
}

type Distortion = (action: string, payload: JsonObject) => JsonObject | undefined;

const distortions: Partial<Record<Quirk, Distortion>> = {
  'empty-vendor': (action, payload) =>
    action === 'BootNotification' ? { ...payload, chargePointVendor: '' } : undefined,
  'long-info': (action, payload) =>
    action === 'StatusNotification' ? { ...payload, info: 'i'.repeat(80) } : undefined,
  'transaction-id-minus-one': (action, payload) =>
    action === 'StopTransaction' ? { ...payload, transactionId: -1 } : undefined,
  'local-time-as-utc': (_action, payload) =>
    'timestamp' in payload ? { ...payload, timestamp: shifted(String(payload.timestamp)) } : undefined,
  'numeric-values': (_action, payload) =>
    withSamples(payload, (sample) => ({ ...sample, value: Number(sample.value) })),
  'decimal-comma': (_action, payload) =>
    withSamples(payload, (sample) => ({ ...sample, value: String(sample.value).replace('.', ',') })),
  'unit-hz': (_action, payload) =>
    withMeterValues(payload, (samples) => [...samples, { value: '50.0', measurand: 'Frequency', unit: 'Hz' }]),
  'empty-sampled-values': (_action, payload) => withMeterValues(payload, () => []),
};

/** Two hours ahead: as in Helsinki in winter. */
function shifted(time: string): string {
  return new Date(Date.parse(time) + 2 * 3_600_000).toISOString();
}

function withSamples(payload: JsonObject, change: (sample: JsonObject) => JsonObject): JsonObject | undefined {
  return withMeterValues(payload, (samples) => samples.map(change));
}

function withMeterValues(payload: JsonObject, change: (samples: JsonObject[]) => JsonObject[]): JsonObject | undefined {
  const { meterValue } = payload;
  if (!Array.isArray(meterValue)) return undefined;
  const changed = meterValue.map((value: unknown) =>
    isJsonObject(value) && Array.isArray(value.sampledValue)
      ? { ...value, sampledValue: change(value.sampledValue.filter(isJsonObject)) }
      : value,
  );
  return { ...payload, meterValue: changed };
}
