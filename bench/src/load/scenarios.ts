/** What charge points say: the same to every server in a run. */
import { clientFrame } from './frames.ts';

export const scenarios = ['Heartbeat', 'StatusNotification', 'MeterValues', 'Transaction'] as const;
export type Scenario = (typeof scenarios)[number];

export const idLength = 16;
const idPlace = 'x'.repeat(idLength);

/** One charge point's part: its next CALL, and whether the answer to it was right. */
export interface Script {
  next(id: string): Buffer;
  isRight(answer: string): boolean;
}

export function createScript(scenario: Scenario): Script {
  if (scenario === 'Transaction') return new TransactionScript();
  return new RepeatedCall(scenario, payloadOf[scenario]());
}

const phases = ['L1', 'L2', 'L3'] as const;

/** Eight values, as a three-phase charger sends them each minute. */
function meterValues(transactionId?: number) {
  const sampledValue = [
    { value: '1234567', measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
    { value: '11040.5', measurand: 'Power.Active.Import', unit: 'W' },
    ...phases.map((phase) => ({ value: '16.0', measurand: 'Current.Import', phase, unit: 'A' })),
    ...phases.map((phase) => ({ value: '230.1', measurand: 'Voltage', phase, unit: 'V' })),
  ];
  const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
  return { connectorId: 1, ...(transactionId === undefined ? {} : { transactionId }), meterValue };
}

const payloadOf = {
  Heartbeat: () => ({}),
  StatusNotification: () => ({ connectorId: 1, errorCode: 'NoError', status: 'Available' }),
  MeterValues: () => meterValues(),
};

/** The same bytes again and again, but for the id: it costs the generator next to nothing. */
class RepeatedCall implements Script {
  private readonly frame: Buffer;
  private readonly idOffset: number;

  constructor(action: string, payload: object) {
    this.frame = clientFrame(JSON.stringify([2, idPlace, action, payload]));
    this.idOffset = this.frame.indexOf(idPlace);
  }

  next(id: string): Buffer {
    this.frame.write(id, this.idOffset, 'latin1');
    return Buffer.from(this.frame);
  }

  isRight(): boolean {
    return true;
  }
}

const transactionSteps = [
  'Authorize',
  'StartTransaction',
  'MeterValues',
  'MeterValues',
  'MeterValues',
  'MeterValues',
  'StopTransaction',
] as const;
export const callsPerTransaction = transactionSteps.length;

/** Transactions one after another, each with times of its own: a repeat would be taken for the same one. */
class TransactionScript implements Script {
  private step = -1;
  private transactionId = 0;
  private meter = 0;

  next(id: string): Buffer {
    this.step = (this.step + 1) % transactionSteps.length;
    const action = transactionSteps[this.step] ?? 'Authorize';
    return clientFrame(JSON.stringify([2, id, action, this.payload(action)]));
  }

  isRight(answer: string): boolean {
    const action = transactionSteps[this.step];
    if (action === 'MeterValues' || action === 'StopTransaction') return true;
    if (!answer.includes('"status":"Accepted"')) return false;
    if (action === 'Authorize') return true;
    this.transactionId = Number(/"transactionId":(\d+)/.exec(answer)?.[1]);
    return this.transactionId > 0;
  }

  private payload(action: (typeof transactionSteps)[number]): object {
    const timestamp = new Date().toISOString();
    const { transactionId } = this;
    switch (action) {
      case 'Authorize':
        return { idTag: 'BENCH' };
      case 'StartTransaction':
        return { connectorId: 1, idTag: 'BENCH', meterStart: this.meter, timestamp };
      case 'MeterValues':
        return meterValues(transactionId);
      case 'StopTransaction':
        this.meter += 11_000;
        return { transactionId, idTag: 'BENCH', meterStop: this.meter, timestamp };
    }
  }
}
