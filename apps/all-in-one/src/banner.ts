import { relative, resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { networkAddress } from '@ocpp-csms/http';
import { demoChargePoints, demoSites } from './demo-fleet.ts';

export type Mode = 'normal' | 'try' | 'demo';

export interface BannerFacts {
  settings: Settings;
  version: string;
  port: number;
  createdAdminKey: string | undefined;
  adminKeyFile: string;
  chargePoints: number;
  mode: Mode;
  startedInMs: number;
  /** Signs in to the console, once. Undefined: nobody is looking, or it could not be used. */
  loginCode: string | undefined;
  /** What starts a simulated charge point. */
  simulate: string;
}

/** What somebody who has just started the system needs to know, and what to do next. */
export function banner(facts: BannerFacts): string {
  const { settings, version, port, startedInMs } = facts;
  const local = `http://localhost:${port}`;
  const lines = [
    '',
    `ocpp-csms ${version} is running (started in ${(startedInMs / 1000).toFixed(1)} s).`,
    '',
    ...consoleLines(facts, local),
    `  Charge point URL   ${chargePointUrl(settings, port)}`,
    `  API                ${local}/openapi.json`,
    `  API documentation  ${local}/docs`,
    `  Guide              ${local}/docs/guide`,
    `  Data               ${resolve(settings.data.dir)}`,
    `  Log                ${settings.log.dir === '' ? 'on this terminal only' : resolve(settings.log.dir)}`,
    adminKeyLine(facts),
    '',
    ...modeLines[facts.mode],
    ...nextSteps(facts, local),
    '',
    'Ctrl-C stops it.',
    '',
  ];
  return lines.join('\n');
}

function consoleLines({ settings, loginCode }: BannerFacts, local: string): string[] {
  if (!settings.http.console) return [];
  if (loginCode === undefined) return [`  Console            ${local}`];
  return [
    `  Console            ${local}/sign-in#${loginCode}`,
    '                     (signs you in: once, on this machine, within 15 minutes; after that with the admin key)',
  ];
}

const modeLines: Readonly<Record<Mode, readonly string[]>> = {
  normal: [],
  try: [
    '  !! --try: EVERY charge point is adopted and EVERY token is accepted.',
    '  !! Only addresses of the local network are let in. Not for real operation.',
    '',
  ],
  demo: [
    `  !! --demo: ${demoChargePoints} simulated charge points at the sites ${demoSites.join(', ')}. What is charged here, nobody charged.`,
    '  !! The data is apart from the real one, in the folder above. Only this machine is let in.',
    '',
  ],
};

function adminKeyLine({ createdAdminKey, adminKeyFile }: BannerFacts): string {
  if (createdAdminKey === undefined) return `  Admin key          in ${pathFromHere(adminKeyFile)}`;
  return `  Admin key          ${createdAdminKey}   (shown once; kept in ${pathFromHere(adminKeyFile)})`;
}

function nextSteps({ chargePoints, mode, adminKeyFile, simulate }: BannerFacts, local: string): string[] {
  const key = `-H "Authorization: Bearer $(cat ${pathFromHere(adminKeyFile)})"`;
  if (mode === 'demo')
    return [
      'Cars come within a minute. To see them:',
      `  curl ${key} ${local}/session/transactions`,
      `  curl -N ${key} ${local}/message-manager/messages/stream`,
      'To command one of them: the documentation above, or',
      `  curl ${key} -H 'Content-Type: application/json' -d '{"requestedMessage":"Heartbeat"}' ${local}/device-manager/charge-points/${demoSites[0]}-01/commands/TriggerMessage`,
    ];
  if (chargePoints > 0)
    return [
      `${chargePoints} charge point${chargePoints === 1 ? '' : 's'} registered. To see ${chargePoints === 1 ? 'it' : 'them'}:`,
      `  curl ${key} ${local}/device-manager/charge-points`,
    ];
  const adopt =
    mode === 'try'
      ? 'It is adopted when it connects.'
      : 'It is refused until you adopt it; the command to do so is shown here when it knocks.';
  return [
    'Next: type the charge point URL into a charger, its own identity in place of <networkId>.',
    adopt,
    'No charger at hand? In another terminal:',
    `  ${simulate} --id CP001`,
  ];
}

/** The WebSocket URL as a charge point in the local network has to be given it. */
function chargePointUrl({ http, csmsServer }: Settings, port: number): string {
  const base =
    http.publicUrl === ''
      ? `ws://${reachableHost(http.host)}:${port}`
      : http.publicUrl.replace(/^http/, 'ws').replace(/\/$/, '');
  return `${base}${csmsServer.path}/<networkId>`;
}

function reachableHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host;
  return networkAddress() ?? 'localhost';
}

function pathFromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
