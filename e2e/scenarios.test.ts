import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms({ settings: { csmsServer: { adoptUnknown: true }, session: { acceptAllTokens: true } } });

const simulator = fileURLToPath(new URL('../apps/simulator/', import.meta.url));
const scenarios = readdirSync(`${simulator}scenarios`);

interface ScenarioEnd {
  charges: number;
  energyWh: number;
  faults: number;
  queued: number;
}

interface Report {
  findings: { rule: string; words: string; frame: string }[];
}

/** The real program; resolves with its last lines. */
async function simulated(args: readonly string[]): Promise<{ code: unknown; lines: string[]; said: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [`${simulator}src/main.ts`, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, lines: stdout.trim().split('\n'), said: stderr }),
    );
  });
}

interface Ledger {
  items: {
    networkId: string;
    startedAt: string;
    active: boolean;
    disputed: boolean;
    energyWh: number | null;
    flags: { code: string }[];
  }[];
}

/** What the charge points of each scenario told of their charges. */
const told = new Map<string, string[]>();

const chargeOf = ({ networkId, energyWh }: { networkId: string; energyWh: number | null }) =>
  `${networkId}: ${energyWh} Wh`;

/** Row 17: what is no JSON can't be stored but as it is, and a charge point gives up what it gets an error for. */
const writesNoJson = ['zoo-stray-comma', 'zoo-invalid-json-meter-values'];

interface SimulatorEvent {
  event: string;
  id: string;
  energyWh: number;
}

test.each(scenarios)('%s in short: nothing is given up, and the CSMS keeps every rule', async (file) => {
  const args = ['--url', csms.wsUrl, '--scenario', `${simulator}scenarios/${file}`, '--speed', '7200', '--json'];
  const { lines } = await simulated(args);
  const report: Report = JSON.parse(lines.at(-1) ?? '');
  expect(report.findings).toEqual([]);
  const end: ScenarioEnd = JSON.parse(lines.at(-2) ?? '');
  const events: SimulatorEvent[] = lines.map((line) => JSON.parse(line));
  const givenUp = events.filter(({ event }) => event === 'discarded').map(({ id }) => id);
  expect(givenUp.filter((id) => !writesNoJson.includes(id))).toEqual([]);
  // Firmware that loses its connection with each Heartbeat is not through with its backlog at this pace.
  if (file !== 'firmware-zoo.yaml') expect(end.queued).toBe(0);
  // At this pace most of a bad day is offline, and tokens that are unknown there are refused.
  expect(end.charges).toBeGreaterThan(0);
  const stopped = events.filter(({ event }) => event === 'stopped');
  expect(stopped).toHaveLength(end.charges);
  told.set(
    file,
    stopped.map(({ id, energyWh }) => chargeOf({ networkId: id, energyWh })),
  );
});

test.each([
  ['workplace-day.yaml', /^(office|visitors)-/],
  ['bad-mobile-day.yaml', /^(depot|kerb)-/i],
])('%s: the ledger has each charge once, with the same energy', async (file, ids) => {
  const { items } = await csms.api.get<Ledger>('/session/transactions?limit=500');
  const those = items.filter(({ networkId }) => ids.test(networkId));
  const [disputed, settled] = [those.filter((one) => one.disputed), those.filter((one) => !one.disputed)];
  expect(those.filter(({ active }) => active)).toEqual([]);
  // A clock in 1970 in the middle of a charge: what was measured when can't be told, and is not guessed.
  for (const { flags } of disputed) expect(flags.map(({ code }) => code)).toContain('implausible-time');
  const charges = told.get(file) ?? [];
  expect(those).toHaveLength(charges.length);
  expect(charges).toEqual(expect.arrayContaining(settled.map(chargeOf)));
  expect(new Set(settled.map(chargeOf)).size).toBe(settled.length);
});

test('of a day on which nothing goes wrong nothing is flagged, and nothing comes from the future', async () => {
  const { items } = await csms.api.get<Ledger>('/session/transactions?limit=500');
  const office = items.filter(({ networkId }) => networkId.startsWith('office-'));
  expect(office.length).toBeGreaterThan(3);
  for (const { flags, startedAt } of office) {
    expect(flags).toEqual([]);
    expect(Date.parse(startedAt)).toBeLessThan(Date.now());
  }
});

test('a file that is not right is refused with 2, and its lines', async () => {
  const { code, said } = await simulated(['--scenario', `${simulator}package.json`]);
  expect(code).toBe(2);
  expect(said).toMatch(/line 1: duration is missing[\s\S]*line 3: there is no version here/);
});
