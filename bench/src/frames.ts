/** The CALLs that every server in a run gets: the same bytes but for the message id. */
export type Scenario = 'Heartbeat' | 'MeterValues';
export const scenarios: readonly Scenario[] = ['Heartbeat', 'MeterValues'];

const phases = ['L1', 'L2', 'L3'] as const;

const meterValues = {
  connectorId: 1,
  meterValue: [
    {
      timestamp: '2026-11-22T10:00:00.000Z',
      sampledValue: [
        { value: '1234567', measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
        { value: '11040.5', measurand: 'Power.Active.Import', unit: 'W' },
        ...phases.map((phase) => ({ value: '16.0', measurand: 'Current.Import', phase, unit: 'A' })),
        ...phases.map((phase) => ({ value: '230.1', measurand: 'Voltage', phase, unit: 'V' })),
      ],
    },
  ],
};

export const idLength = 16;
const idPlace = 'x'.repeat(idLength);

/** A masked client frame (mask 0, so that the payload reads plain) and where the message id stands in it. */
export function frameOf(scenario: Scenario): { frame: Buffer; idOffset: number } {
  const payload = scenario === 'Heartbeat' ? {} : meterValues;
  const text = Buffer.from(JSON.stringify([2, idPlace, scenario, payload]));
  const header =
    text.length < 126
      ? Buffer.from([0x81, 0x80 | text.length])
      : Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 0xff]);
  const frame = Buffer.concat([header, Buffer.alloc(4), text]);
  return { frame, idOffset: frame.indexOf(idPlace) };
}
