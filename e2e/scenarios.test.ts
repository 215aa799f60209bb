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
  faults: number;
  givenUp: number;
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
  items: { networkId: string; startedAt: string; active: boolean; disputed: boolean; flags: { code: string }[] }[];
}

test.each(scenarios)('%s in short: everything is delivered, and the CSMS keeps every rule', async (file) => {
  const args = ['--url', csms.wsUrl, '--scenario', `${simulator}scenarios/${file}`, '--speed', '7200', '--json'];
  const { lines } = await simulated(args);
  const report: Report = JSON.parse(lines.at(-1) ?? '');
  expect(report.findings).toEqual([]);
  const end: ScenarioEnd = JSON.parse(lines.at(-2) ?? '');
  expect(end).toMatchObject({ givenUp: 0, queued: 0 });
  expect(end.charges).toBeGreaterThan(3);
});

test('what goes well in a day is in the ledger, and nothing comes from the future', async () => {
  const { items } = await csms.api.get<Ledger>('/session/transactions?limit=500');
  const office = items.filter(({ networkId }) => networkId.startsWith('office-'));
  expect(office.length).toBeGreaterThan(3);
  for (const one of office) {
    expect(one).toMatchObject({ active: false, disputed: false, flags: [] });
    expect(Date.parse(one.startedAt)).toBeLessThan(Date.now());
  }
});

test('a file that is not right is refused with 2, and its lines', async () => {
  const { code, said } = await simulated(['--scenario', `${simulator}package.json`]);
  expect(code).toBe(2);
  expect(said).toMatch(/line 1: duration is missing[\s\S]*line 3: there is no version here/);
});
