import { expect, test } from 'vitest';
import { picture, startLiveView, type ViewMember } from './live-view.ts';

const member = (id: string, site: string, powerW = 0, isConnected = true): ViewMember => ({
  site,
  simulation: {
    id,
    state: {
      isConnected,
      isAccepted: isConnected,
      connectors: [
        {
          id: 1,
          status: powerW > 0 ? 'Charging' : 'Available',
          powerW,
          energyWh: powerW / 2,
          ...(powerW > 0 ? { soc: 55.4 } : {}),
        },
      ],
      messages: 10,
      errors: 1,
      queued: 2,
    },
  },
});

const view = (members: ViewMember[], rows = 24, columns = 120) => ({
  url: 'ws://host/ocpp',
  members,
  findings: () => 3,
  news: () => ['CP9: refused'],
  out: { write: () => true, rows, columns },
});

test('totals, sites, charge points and news', () => {
  const members = [member('n-1', 'north', 11_000), member('n-2', 'north'), member('s-1', 'south', 7400, false)];
  const text = picture(view(members), { rate: 12.34, seconds: 65 }).join('\n');
  expect(text).toContain('connected 2/3   charging 2   18.4 kW   12.3 messages/s   queued 6   errors 3   findings 3');
  expect(text).toMatch(/north +2\/2 +1 +11\.0/);
  expect(text).toMatch(/n-1 +Charging +11\.0 +5\.5 +55 %/);
  expect(text).toMatch(/s-1 +not connected/);
  expect(text).toContain('1:05');
  expect(text).toContain('CP9: refused');
});

test('never more than the window', () => {
  const many = Array.from({ length: 500 }, (_, index) => member(`CP-${index}`, ''));
  const lines = picture(view(many, 20, 60), { rate: 0, seconds: 0 });
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines.join('\n')).toMatch(/and \d+ more/);
});

test('the cursor is there again afterwards', () => {
  const written: string[] = [];
  const options = view([member('a', '')]);
  const live = startLiveView({
    ...options,
    out: { ...options.out, write: (text: string | Uint8Array) => written.push(String(text)) > 0 },
  });
  live.stop();
  expect(written[0]).toContain('?25l');
  expect(written.at(-1)).toContain('?25h');
});
