import type { ChargePoint, Message, RefusedConnection } from '@ocpp-csms/api-client';

/** How far a charger has come, in the order in which it must. */
export interface Step {
  id: 'reached' | 'let-in' | 'booted' | 'alive';
  title: string;
  state: 'done' | 'failed' | 'waiting';
  /** What was seen. */
  seen?: string;
  whatToDo?: string;
}

/** What was seen of one identity since somebody began to watch. */
export interface Seen {
  refused: RefusedConnection | undefined;
  chargePoint: ChargePoint | undefined;
  /** What it said, the newest first. */
  messages: readonly Message[];
}

const waiting = (id: Step['id'], title: string, whatToDo?: string): Step => ({
  id,
  title,
  state: 'waiting',
  ...(whatToDo === undefined ? {} : { whatToDo }),
});

export function stepsOf({ refused, chargePoint, messages }: Seen): Step[] {
  const isConnected = chargePoint?.connection.connected === true;
  return [
    reached(isConnected, refused),
    letIn(isConnected, refused, chargePoint),
    booted(isConnected, chargePoint, messages),
    alive(isConnected, messages),
  ];
}

function reached(isConnected: boolean, refused: RefusedConnection | undefined): Step {
  const title = 'It reaches this system';
  if (isConnected || refused) {
    const from = refused?.remoteAddress;
    return { id: 'reached', title, state: 'done', ...(from ? { seen: `from ${from}` } : {}) };
  }
  return waiting(
    'reached',
    title,
    'Nothing has come yet. Look at the URL in the charger (host, port, ws:// and not wss:// without a certificate), at its network cable, SIM card or Wi-Fi, and at a firewall between. Then restart the charger: many wait for minutes between two tries.',
  );
}

function letIn(
  isConnected: boolean,
  refused: RefusedConnection | undefined,
  chargePoint: ChargePoint | undefined,
): Step {
  const title = 'It is let in';
  if (isConnected) {
    const { protocol, remoteAddress } = chargePoint?.connection ?? {};
    return {
      id: 'let-in',
      title,
      state: 'done',
      seen: `${protocol?.replace('ocpp', 'OCPP ') ?? ''} from ${remoteAddress ?? 'somewhere'}`,
    };
  }
  if (refused) return { id: 'let-in', title, state: 'failed', seen: refused.words, whatToDo: refused.whatToDo };
  return waiting('let-in', title);
}

function booted(isConnected: boolean, chargePoint: ChargePoint | undefined, messages: readonly Message[]): Step {
  const title = 'Its boot is accepted';
  if (!isConnected || !chargePoint) return waiting('booted', title);
  if (chargePoint.registration !== 'Accepted')
    return {
      id: 'booted',
      title,
      state: 'failed',
      seen: `It is told ${chargePoint.registration}.`,
      whatToDo: `Its registration here is ${chargePoint.registration}: set it to Accepted, and it goes on when it asks again.`,
    };
  const boot = messages.find(({ body }) => body.messageType === 'BootNotification');
  if (boot) return { id: 'booted', title, state: 'done', seen: modelIn(boot.body.messageBody) };
  if (chargePoint.bootedAt !== null)
    return { id: 'booted', title, state: 'done', seen: 'It has booted at an earlier time.' };
  return waiting('booted', title, 'It is connected and has said no BootNotification. Restart it if this lasts.');
}

function alive(isConnected: boolean, messages: readonly Message[]): Step {
  const title = 'It talks';
  const latest = messages.find(({ origin, body }) => origin === 'client' && body.messageType !== 'BootNotification');
  if (isConnected && latest)
    return { id: 'alive', title, state: 'done', seen: `${latest.body.messageType} was the last thing that it said.` };
  return waiting('alive', title, isConnected ? 'A heartbeat or a status comes within some minutes.' : undefined);
}

function modelIn(boot: unknown): string {
  if (typeof boot !== 'object' || boot === null) return '';
  const inner = (Reflect.get(boot, 'chargingStation') ?? boot) as Record<string, unknown>;
  return [inner.chargePointVendor ?? inner.vendorName, inner.chargePointModel ?? inner.model].filter(Boolean).join(' ');
}
