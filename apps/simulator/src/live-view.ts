import type { Simulation, SimulationState } from './simulation.ts';

export interface ViewMember {
  simulation: Pick<Simulation, 'id' | 'state'>;
  site: string;
}

export interface ViewOptions {
  url: string;
  members: readonly ViewMember[];
  findings(): number;
  /** What happened last that somebody should see, newest last. */
  news(): readonly string[];
  out: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>;
}

export interface LiveView {
  /** Leaves the last picture on the screen and the cursor below it. */
  stop(): void;
}

const everyMs = 500;
const control = '\u001b[';
const hideCursor = `${control}?25l`;
const showCursor = `${control}?25h`;
const home = `${control}H`;
const clearScreen = `${control}2J`;
const clearLine = `${control}K`;
const clearBelow = `${control}J`;

/** Draws the fleet twice a second, in place. */
export function startLiveView(options: ViewOptions): LiveView {
  const { out } = options;
  const startedAt = performance.now();
  let before = { messages: 0, at: startedAt };
  let rate = 0;

  function draw(): void {
    const now = performance.now();
    const messages = options.members.reduce((sum, { simulation }) => sum + simulation.state.messages, 0);
    rate = ((messages - before.messages) * 1000) / Math.max(1, now - before.at);
    before = { messages, at: now };
    const lines = picture(options, { rate, seconds: (now - startedAt) / 1000 });
    out.write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\n')}${clearBelow}`);
  }

  out.write(`${hideCursor}${clearScreen}`);
  draw();
  const timer = setInterval(draw, everyMs);
  return {
    stop() {
      clearInterval(timer);
      draw();
      out.write(`\n${showCursor}`);
    },
  };
}

/** The lines of one picture, as many and as wide as the window. */
export function picture(
  { url, members, findings, news, out: { columns = 80, rows = 24 } }: ViewOptions,
  { rate, seconds }: { rate: number; seconds: number },
): string[] {
  const totals = totalsOf(members.map(({ simulation }) => simulation.state));
  const head = [
    `${members.length} charge points → ${url}   ${clock(seconds)}   Ctrl-C ends the charges and shows the report`,
    '',
    `connected ${totals.connected}/${members.length}   charging ${totals.charging}   ${kilo(totals.powerW)} kW   ${rate.toFixed(1)} messages/s   queued ${totals.queued}   errors ${totals.errors}   findings ${findings()}`,
    '',
  ];
  const sites = [...Map.groupBy(members, ({ site }) => site)];
  const siteLines = sites.length > 1 ? [siteHeading, ...sites.map(([site, those]) => siteLine(site, those)), ''] : [];
  const latest = news().slice(-3);
  const room = rows - head.length - siteLines.length - latest.length - 2;
  const listed = members.length <= room ? members : members.slice(0, Math.max(0, room - 1));
  const hidden = members.length - listed.length;
  return [
    ...head,
    ...siteLines,
    memberHeading,
    ...listed.map(memberLine),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    ...latest,
  ].map((line) => line.slice(0, columns));
}

function totalsOf(states: readonly SimulationState[]) {
  const connectors = states.flatMap((state) => state.connectors);
  return {
    connected: states.filter(({ isConnected }) => isConnected).length,
    charging: connectors.filter(({ powerW }) => powerW > 0).length,
    powerW: connectors.reduce((sum, { powerW }) => sum + powerW, 0),
    queued: states.reduce((sum, { queued }) => sum + queued, 0),
    errors: states.reduce((sum, { errors }) => sum + errors, 0),
  };
}

const siteHeading = columns('site', 'connected', 'charging', 'kW');

function siteLine(site: string, members: readonly ViewMember[]): string {
  const { connected, charging, powerW } = totalsOf(members.map(({ simulation }) => simulation.state));
  return columns(site, `${connected}/${members.length}`, String(charging), kilo(powerW));
}

const memberHeading = columns('charge point', 'status', 'kW', 'kWh', 'SoC');

function memberLine({ simulation: { id, state } }: ViewMember): string {
  const status = state.isConnected ? state.connectors.map((connector) => connector.status).join(' ') : 'not connected';
  const powerW = state.connectors.reduce((sum, connector) => sum + connector.powerW, 0);
  const energyWh = state.connectors.reduce((sum, connector) => sum + connector.energyWh, 0);
  const soc = state.connectors.map((connector) =>
    connector.soc === undefined ? '' : `${Math.round(connector.soc)} %`,
  );
  return columns(id, status, powerW > 0 ? kilo(powerW) : '', energyWh > 0 ? kilo(energyWh) : '', soc.join(' '));
}

function columns(first: string, ...others: string[]): string {
  const [second = '', ...numbers] = others;
  return [first.padEnd(20), second.padEnd(16), ...numbers.map((text) => text.padStart(9))].join(' ');
}

function kilo(value: number): string {
  return (value / 1000).toFixed(1);
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
