import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { basicAuth, type TestChargePoint } from '@ocpp-csms/testing';
import { password, register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { shapes } from '../src/shapes.ts';
import { besideBystanders, bystandersHold } from './bystanders.ts';
import { joined, say } from './charge-point.ts';
import type { Fault, Run } from './fault.ts';
import { count, seconds } from './scene.ts';
import { withCsms, withVictim } from './victim.ts';

const mebibyte = 1024 * 1024;

/** What an attacker, or a charge point with bad memory, sends over a connection that it may have. */
const hostile: { what: string; attack(chargePoint: TestChargePoint<'ocpp1.6'>): void }[] = [
  {
    what: 'a message of 2 MiB',
    attack: (chargePoint) =>
      chargePoint.sendRaw(`[2,"1","DataTransfer",{"vendorId":"v","data":"${'x'.repeat(2 * mebibyte)}"}]`),
  },
  {
    what: '100 MiB of blanks, compressed to 100 kB',
    attack: (chargePoint) => rawFrame(chargePoint, { opcode: 1, compressed: true, final: true }, bomb()),
  },
  {
    what: 'a message in fragments that never ends',
    attack(chargePoint) {
      rawFrame(chargePoint, { opcode: 1, final: false }, Buffer.from('['));
      for (let index = 0; index < 40; index++)
        rawFrame(chargePoint, { opcode: 0, final: false }, Buffer.alloc(65_536, 0x20));
    },
  },
  {
    what: 'half a million empty fragments',
    attack(chargePoint) {
      rawFrame(chargePoint, { opcode: 1, final: false }, Buffer.alloc(0));
      const empty = Buffer.from([0x00, 0x80, 0, 0, 0, 0]);
      for (let index = 0; index < 50; index++)
        tcpOf(chargePoint).write(Buffer.concat(Array.from({ length: 10_000 }, () => empty)));
    },
  },
  {
    what: 'a frame that claims to be 8 EiB long',
    attack: (chargePoint) =>
      void tcpOf(chargePoint).write(Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0])),
  },
  {
    what: 'reserved bits',
    attack: (chargePoint) => void tcpOf(chargePoint).write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0])),
  },
  {
    what: 'a ping of 200 bytes',
    attack: (chargePoint) => rawFrame(chargePoint, { opcode: 9, final: true }, Buffer.alloc(200)),
  },
  {
    what: 'invalid UTF-8',
    attack: (chargePoint) => rawFrame(chargePoint, { opcode: 1, final: true }, Buffer.from([0x5b, 0xff, 0xfe])),
  },
];

export const hostileFrames: Fault = {
  name: 'hostile frames',
  does: `Frames too large, compression bombs, endless fragments and ${hostile.length - 3} other attacks on the WebSocket, again and again.`,
  holdsWhen: `each of those connections is closed, and the charge point may come back; ${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const { isLong, say: tell } = run;
      const rounds = isLong ? 20 : 2;
      const problems: string[] = [];
      const { networkId } = await register(csms);
      const beside = await besideBystanders(csms, run, async () => {
        for (let round = 1; round <= rounds; round++) {
          for (const { what, attack } of hostile) {
            const chargePoint = await joined({ url: csms.wsUrl, networkId, compression: true });
            attack(chargePoint);
            const end = await Promise.race([chargePoint.closed, sleep(10_000, undefined, { ref: false })]);
            if (end === undefined) problems.push(`${what}: still connected after 10 s`);
            await chargePoint.drop();
          }
          if (round % 5 === 0) tell(`${round} of ${rounds} rounds`);
        }
        const back = await joined({ url: csms.wsUrl, networkId });
        await say(back, 'Heartbeat', {});
        await back.close();
      });
      return {
        problems: [...problems, ...beside.problems],
        figures: [`${count(rounds * hostile.length)} attacks`, ...beside.figures],
      };
    }),
};

function tcpOf({ socket }: TestChargePoint<'ocpp1.6'>): Socket {
  const { _socket: tcp } = socket as unknown as { _socket: Socket };
  return tcp;
}

/** A frame that `ws` would not send, masked with zeros. */
function rawFrame(
  chargePoint: TestChargePoint<'ocpp1.6'>,
  { opcode, final, compressed = false }: { opcode: number; final: boolean; compressed?: boolean },
  payload: Buffer,
): void {
  const first = (final ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode;
  const header = Buffer.alloc(payload.length < 126 ? 6 : 14);
  header[0] = first;
  header[1] = 0x80 | (payload.length < 126 ? payload.length : 127);
  if (payload.length >= 126) header.writeBigUInt64BE(BigInt(payload.length), 2);
  tcpOf(chargePoint).write(Buffer.concat([header, payload]));
}

let bombMade: Buffer | undefined;
function bomb(): Buffer {
  bombMade ??= deflateRawSync(Buffer.alloc(100 * mebibyte, 0x20), { level: 9 });
  return bombMade;
}

const slowWithinMs = 15_000;

export const slowloris: Fault = {
  name: 'slowloris',
  does: 'Connections that begin a request and never end it (500; the short form: 50).',
  holdsWhen: `they are closed by the CSMS within ${slowWithinMs / 1000} s; ${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const size = run.isLong ? 500 : 50;
      const problems: string[] = [];
      let lastAfter = '';
      const { figures, problems: others } = await besideBystanders(csms, run, async () => {
        const sockets = await Promise.all(Array.from({ length: size }, (_, index) => drip(csms, `slow-${index}`)));
        const since = performance.now();
        await Promise.race([Promise.all(sockets.map(ended)), sleep(slowWithinMs, undefined, { ref: false })]);
        lastAfter = seconds(performance.now() - since);
        const open = sockets.filter(({ destroyed }) => !destroyed).length;
        if (open > 0) problems.push(`${open} of ${size} are still connected after ${slowWithinMs / 1000} s`);
        for (const socket of sockets) socket.destroy();
      });
      return {
        problems: [...problems, ...others],
        figures: [`${size} slow connections, the last closed after ${lastAfter}`, ...figures],
      };
    }),
};

/** A header line every two seconds, for ever. */
async function drip({ port }: RunningCsms, identity: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  socket.on('error', () => undefined);
  socket.write(`GET /ocpp/${identity} HTTP/1.1\r\nHost: csms\r\n`);
  const timer = setInterval(() => socket.write(`X-${Date.now()}: a\r\n`), 2000);
  socket.once('close', () => clearInterval(timer));
  return socket;
}

function ended(socket: Socket): Promise<unknown> {
  return socket.destroyed ? Promise.resolve() : once(socket, 'close');
}

export const loginFlood: Fault = {
  name: 'login flood',
  does: 'Wrong passwords for one charge point, 100 a second from 200 addresses, for 60 s (the short form: 3 s), while it reconnects every second.',
  holdsWhen: `its own logins all succeed, none of the others does; ${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) =>
    withVictim(
      run,
      { env: { CSMS_AUTH_FAILURES_PER_MINUTE_PER_ADDRESS: '60', CSMS_AUTH_RECONNECTS_PER_MINUTE: '120' } },
      ({ csms }) => flood(csms, run),
    ),
};

async function flood(csms: RunningCsms, run: Run) {
  const forSeconds = run.isLong ? 60 : 3;
  const { networkId } = await register(csms);
  const statuses = new Map<number, number>();
  const problems: string[] = [];
  let logins = 0;
  const { figures, problems: others } = await besideBystanders(csms, run, async () => {
    const attempts: Promise<void>[] = [];
    for (let tick = 0; tick < forSeconds * 10; tick++) {
      for (let each = 0; each < 10; each++) {
        const from = `127.0.1.${1 + ((tick * 10 + each) % 200)}`;
        attempts.push(
          knock(csms, networkId, from).then((status) => void statuses.set(status, (statuses.get(status) ?? 0) + 1)),
        );
      }
      if (tick % 10 === 0) {
        const victim = await joined({ url: csms.wsUrl, networkId }).catch((error: unknown) => {
          problems.push(`the charge point itself is kept out: ${String(error)}`);
        });
        if (victim) logins++;
        await victim?.close();
      }
      await sleep(100);
    }
    await Promise.all(attempts);
  });
  if (statuses.has(101)) problems.push(`${statuses.get(101)} were let in with a wrong password`);
  const refused = [...statuses].map(([status, times]) => `${count(times)} × ${status === 0 ? 'closed' : status}`);
  return {
    problems: [...problems, ...others],
    figures: [`refused: ${refused.join(', ')}`, `${logins} logins of the charge point itself`, ...figures],
  };
}

/** The HTTP status that this address gets; 0: none. */
async function knock({ port }: RunningCsms, networkId: string, localAddress: string): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.write(
    [
      `GET /ocpp/${networkId} HTTP/1.1`,
      'Host: csms',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: ocpp1.6',
      `Authorization: ${basicAuth(networkId, `not-${password}`)}`,
      '',
      '',
    ].join('\r\n'),
  );
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
    socket.destroy();
  });
  socket.setTimeout(20_000, () => socket.destroy());
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}
