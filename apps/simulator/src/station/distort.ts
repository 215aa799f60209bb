import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { Quirk } from '../quirks.ts';
import type { Message } from './message.ts';

/** What real firmware makes of a message that is as it should be (quirks.ts). */
export function distort({ action, payload }: Message, quirks: ReadonlySet<Quirk>): Message {
  return { action, payload: changed(distortions, action, payload, quirks) };
}

/** And of an answer. */
export function distortAnswer(action: string, answer: JsonObject, quirks: ReadonlySet<Quirk>): JsonObject {
  return changed(answerDistortions, action, answer, quirks);
}

/** The same where no payload can say it. */
export function distortText(action: string, text: string, quirks: ReadonlySet<Quirk>): string {
  let distorted = text;
  for (const quirk of quirks) distorted = textDistortions[quirk]?.(action, distorted) ?? distorted;
  return distorted;
}

/** On the wire: a string when it is text. */
export function distortBytes(action: string, text: string, quirks: ReadonlySet<Quirk>): string | Buffer {
  if (action !== 'Heartbeat' || !quirks.has('invalid-utf8')) return text;
  return Buffer.concat([Buffer.from(text.replace(/\}\]$/, '"x":"')), Buffer.from([0xff, 0xfe]), Buffer.from('"}]')]);
}

type Distortion = (action: string, payload: JsonObject) => JsonObject | undefined;
type Distortions = Partial<Record<Quirk, Distortion>>;

function changed(table: Distortions, action: string, payload: JsonObject, quirks: ReadonlySet<Quirk>): JsonObject {
  let distorted = payload;
  for (const quirk of quirks) distorted = table[quirk]?.(action, distorted) ?? distorted;
  return distorted;
}

/** These members are others in messages of this action. */
const having =
  (action: string, members: JsonObject): Distortion =>
  (actual, payload) =>
    actual === action ? { ...payload, ...members } : undefined;

const distortions: Distortions = {
  'empty-vendor': bootWith({ vendorName: '' }, { chargePointVendor: '' }),
  'long-model': bootWith({ model: 'm'.repeat(30) }, { chargePointModel: 'm'.repeat(30) }),
  'long-info': having('StatusNotification', { info: 'i'.repeat(80) }),
  'long-stop-tag': having('StopTransaction', { idTag: 'T'.repeat(21) }),
  'unknown-error-code': having('StatusNotification', { errorCode: 'Error' }),
  nulls: having('StatusNotification', { info: null, vendorId: null }),
  'extra-properties': (_action, payload) => ({ ...payload, firmwareBuild: 'r1234' }),
  'transaction-id-minus-one': having('StopTransaction', { transactionId: -1 }),
  'transaction-id-zero': having('StopTransaction', { transactionId: 0 }),
  'foreign-meter-values': having('MeterValues', { transactionId: 2_000_000_001 }),
  'meter-stop-zero': having('StopTransaction', { meterStop: 0 }),
  'constant-seq-no': having('TransactionEvent', { seqNo: 0 }),
  'no-connector-id': (action, { evse, ...payload }) =>
    action === 'TransactionEvent' && isJsonObject(evse) ? { ...payload, evse: { id: evse.id } } : undefined,
  'local-time-as-utc': (_action, payload) => withTimes(payload, hoursAhead),
  'time-1970': (_action, payload) => withTimes(payload, (time) => time.replace(/^\d+-\d\d-\d\d/, '1970-01-01')),
  'time-2222': (_action, payload) => withTimes(payload, (time) => time.replace(/^\d+/, '2222')),
  'time-without-zone': (_action, payload) => withTimes(payload, (time) => time.replace(/Z$/, '')),
  'time-as-digits': (_action, payload) => withTimes(payload, () => '1000000'),
  'numeric-values': (_action, payload) =>
    withSamples(payload, (sample) => ({ ...sample, value: Number(sample.value) })),
  'decimal-comma': (_action, payload) =>
    withSamples(payload, (sample) => ({ ...sample, value: String(sample.value).replace('.', ',') })),
  'wrong-unit': (_action, payload) =>
    withSamples(payload, (sample) => (sample.measurand === 'Power.Active.Import' ? { ...sample, unit: 'Wh' } : sample)),
  'no-measurand': (_action, payload) => withSamples(payload, ({ measurand: _unsaid, ...sample }) => sample),
  'unit-hz': (_action, payload) =>
    withMeterValues(payload, (samples) => [...samples, { value: '50.0', measurand: 'Frequency', unit: 'Hz' }]),
  'unknown-measurand': (_action, payload) =>
    withMeterValues(payload, (samples) => [...samples, { value: '1', measurand: 'Request.Energy' }]),
  'empty-sampled-values': (_action, payload) => withMeterValues(payload, () => []),
};

const answerDistortions: Distortions = {
  'absurd-connectors': (action, { configurationKey, ...answer }) =>
    action === 'GetConfiguration' && Array.isArray(configurationKey)
      ? {
          ...answer,
          configurationKey: configurationKey.map((entry: unknown) =>
            isJsonObject(entry) && entry.key === 'NumberOfConnectors' ? { ...entry, value: '1634030126' } : entry,
          ),
        }
      : undefined,
  'reboots-on-configuration': (action, answer) =>
    action === 'ChangeConfiguration' && answer.status === 'Accepted' ? { status: 'RebootRequired' } : undefined,
};

const textDistortions: Partial<Record<Quirk, (action: string, text: string) => string>> = {
  'invalid-json-meter-values': (action, text) =>
    action === 'MeterValues' ? text.replace(/"transactionId":-?\d+/, '"transactionId":') : text,
  'stray-comma': (action, text) =>
    action === 'MeterValues' ? text.replace('"sampledValue":[', '"sampledValue":[,') : text,
  'duplicate-keys': (action, text) =>
    action === 'StatusNotification' ? text.replace(/"(status|connectorStatus)":"\w+"/, '$&,$&') : text,
};

function bootWith(station: JsonObject, chargePoint: JsonObject): Distortion {
  return (action, payload) => {
    if (action !== 'BootNotification') return undefined;
    const { chargingStation } = payload;
    return isJsonObject(chargingStation)
      ? { ...payload, chargingStation: { ...chargingStation, ...station } }
      : { ...payload, ...chargePoint };
  };
}

/** As in Helsinki in winter. */
function hoursAhead(time: string): string {
  return new Date(Date.parse(time) + 2 * 3_600_000).toISOString();
}

/** Of the message, and of each meter value in it. */
function withTimes(payload: JsonObject, change: (time: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (name === 'timestamp' && typeof value === 'string') return [name, change(value)];
      if (name !== 'meterValue' || !Array.isArray(value)) return [name, value];
      return [name, value.map((group: unknown) => (isJsonObject(group) ? withTimes(group, change) : group))];
    }),
  );
}

function withSamples(payload: JsonObject, change: (sample: JsonObject) => JsonObject): JsonObject | undefined {
  return withMeterValues(payload, (samples) => samples.map(change));
}

function withMeterValues(payload: JsonObject, change: (samples: JsonObject[]) => JsonObject[]): JsonObject | undefined {
  const { meterValue } = payload;
  if (!Array.isArray(meterValue)) return undefined;
  const distorted = meterValue.map((value: unknown) =>
    isJsonObject(value) && Array.isArray(value.sampledValue)
      ? { ...value, sampledValue: change(value.sampledValue.filter(isJsonObject)) }
      : value,
  );
  return { ...payload, meterValue: distorted };
}
