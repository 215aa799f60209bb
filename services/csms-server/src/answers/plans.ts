import type { OcppVersion } from '@ocpp-csms/ocpp';
import { acknowledge, acknowledged16, acknowledged21, acknowledged201 } from './acknowledged.ts';
import { bootNotification } from './boot-notification.ts';
import { heartbeat } from './heartbeat.ts';
import { nobody2x, nobody21, undecided2x, undecided16 } from './neutral.ts';
import type { NeutralAnswer, Plan } from './plan.ts';

type Plans = ReadonlyMap<string, Plan>;

const ownedByDeviceManager = new Set(['DataTransfer', 'SignCertificate']);

/** What becomes of each CALL that a charge point may send, by version and action. */
export const plans: Readonly<Record<OcppVersion, Plans>> = {
  'ocpp1.6': tableOf(acknowledged16, undecided16, {}),
  'ocpp2.0.1': tableOf(acknowledged201, undecided2x, nobody2x),
  'ocpp2.1': tableOf(acknowledged21, undecided2x, nobody21),
};

function tableOf(
  acknowledged: readonly string[],
  undecided: Record<string, NeutralAnswer>,
  nobody: Record<string, NeutralAnswer>,
): Plans {
  const table = new Map<string, Plan>([
    ['BootNotification', { kind: 'edge', answer: bootNotification, tellsTime: true }],
    ['Heartbeat', { kind: 'edge', answer: heartbeat, tellsTime: true }],
  ]);
  const add = (action: string, plan: Plan) => {
    if (table.has(action)) throw new Error(`${action} has two plans`);
    table.set(action, plan);
  };
  for (const action of acknowledged) add(action, { kind: 'edge', answer: acknowledge });
  for (const [action, answer] of Object.entries(nobody)) add(action, { kind: 'neutral', answer });
  for (const [action, neutral] of Object.entries(undecided))
    add(action, { kind: 'decision', owner: ownerOf(action), neutral });
  return table;
}

function ownerOf(action: string): 'session' | 'device-manager' {
  return ownedByDeviceManager.has(action) ? 'device-manager' : 'session';
}
