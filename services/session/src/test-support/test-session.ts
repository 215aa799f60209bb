import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Bus,
  createIdSource,
  createMemoryBus,
  createMemoryParking,
  type DomainEvent,
  type Envelope,
} from '@ocpp-csms/bus';
import { type CommandRequest, type CommandResult, commandSubject } from '@ocpp-csms/calls';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { type App, createApiKeys, createHttp } from '@ocpp-csms/http';
import type { OcppVersion } from '@ocpp-csms/ocpp';
import { createLog } from '@ocpp-csms/runtime';
import { createTestPlace, type TestPlace } from '@ocpp-csms/storage/test-support';
import { afterAll, onTestFinished } from 'vitest';
import { createSession, type Session } from '../service.ts';
import { createEraser } from './eraser.ts';

const node = 'csms-1';

/** The session service over a memory bus and a real database, with a csms-server that only publishes and takes answers. */
export interface TestSession {
  readonly bus: Bus;
  /** Where its database is. */
  readonly place: TestPlace;
  /** Sends a CALL as a charge point would and returns the payload of the answer; throws what is no CALLRESULT. */
  call<Answer = Record<string, unknown>>(action: string, payload: object, as?: Speaker): Promise<Answer>;
  /** Publishes a message that csms-server has answered. */
  tell(action: string, payload: object, as?: Speaker): Promise<Envelope>;
  /** Publishes the answer of a charge point to a CALL of ours. */
  answered(action: string, request: object, response: object, as?: Speaker): Promise<Envelope>;
  publish(envelope: Envelope): Promise<void>;
  envelope(action: string, payload: object, as?: Speaker): Envelope;
  /** What was sent to the node, in order. */
  readonly sent: Envelope[];
  readonly events: DomainEvent[];
  /** `GET`, … under `/session`. */
  rest<Body = never>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<RestAnswer<Body>>;
  addToken(idToken: string, more?: object): Promise<void>;
  /** Answers commands in place of device-manager. */
  onCommand(answer: (request: CommandRequest) => Partial<CommandResult>): void;
  readonly commands: CommandRequest[];
  setTime(iso: string): void;
  restart(): Promise<void>;
}

export interface RestAnswer<Body> {
  status: number;
  body: Body;
  text: string;
}

export interface Speaker {
  client?: string;
  version?: OcppVersion;
  receivedAt?: string;
  /** Sends this very envelope id: a redelivery by the bus. */
  id?: string;
}

export interface TestOptions {
  settings?: Partial<Settings['session']>;
  /** Speaks in all messages that name no other. */
  version?: OcppVersion;
}

/** What a session is for the tests of a file, one after the other. */
interface SharedSession {
  session: TestSession;
  /** Forgets what the test before did. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * For the top of a test file: gives each test a session service of its own, as far as it can tell. Tests with the same
 * options share one that is emptied in between, because starting one takes longer than most tests.
 */
export function testSessions(): (options?: TestOptions) => Promise<TestSession> {
  const started = new Map<string, Promise<SharedSession>>();
  afterAll(async () => {
    for (const shared of started.values()) await (await shared).stop();
  });
  return async (options = {}) => {
    const key = JSON.stringify(options);
    const starting = started.get(key) ?? startShared(options);
    started.set(key, starting);
    const { session, reset } = await starting;
    onTestFinished(reset);
    return session;
  };
}

const startOfTime = Date.parse('2026-01-02T03:00:00.000Z');

async function startShared({ settings: some = {}, version = 'ocpp1.6' }: TestOptions): Promise<SharedSession> {
  const place = await createTestPlace();
  const { directory } = place;
  const settings = { ...defaultSettings() };
  settings.session = { ...settings.session, ...some };
  settings.log = { ...settings.log, dir: '', level: 'silent' };
  Object.assign(settings, place.settings);
  const log = createLog({ service: 'test', settings: settings.log });
  const newId = createIdSource();
  let time = startOfTime;
  const clock = { now: () => new Date(time) };
  const bus = createMemoryBus({
    groups: { MessagesIn: ['session'], MessagesSent: [], Events: ['test'] },
    parking: createMemoryParking(),
  });
  const events: DomainEvent[] = [];
  const sent: Envelope[] = [];
  const commands: CommandRequest[] = [];
  const unanswered = (): Partial<CommandResult> => ({ status: 'unknown' });
  let commandAnswer: (request: CommandRequest) => Partial<CommandResult> = unanswered;
  await bus.consume('Events', 'test', async (batch) => void events.push(...batch));
  await bus.receive(node, async (envelope) => void sent.push(envelope));
  await bus.serve(commandSubject, async (request) => {
    commands.push(request as CommandRequest);
    return { commandId: newId(), messageId: newId(), status: 'answered', ...commandAnswer(request as CommandRequest) };
  });

  // Every charge point is registered, but those called NOBODY….
  await bus.serve('device-manager.charge-point', async (question) => {
    const { id } = question as { id: string };
    if (id.startsWith('NOBODY')) return null;
    return { chargePointId: `id-of-${id.replace('id-of-', '')}`, networkId: id.replace('id-of-', ''), name: id };
  });

  let running = await run();
  const eraser = createEraser(place);

  async function run() {
    const session = await createSession({ settings, bus, log, clock, newId, directory });
    await session.start();
    let http: Promise<{ app: App; key: string }> | undefined;
    return {
      // Most of the time of a test would go into starting it.
      rest: () => (http ??= serveRest(session)),
      async stop() {
        await (await http)?.app.close();
        await session.stop();
      },
    };
  }

  async function serveRest(session: Session) {
    const keys = await createApiKeys({ dataDir: directory, configured: [] });
    const { app } = await createHttp({ settings, log, version: '0', keys });
    app.register(session.routes, { prefix: '/session' });
    await app.ready();
    const key = await readFile(join(directory, 'admin.key'), 'utf8');
    return { app, key: key.trim() };
  }

  function envelope(action: string, payload: object, speaker: Speaker = {}): Envelope {
    const id = speaker.id ?? newId();
    return {
      serverNode: node,
      client: speaker.client ?? 'CP001',
      messageTime: speaker.receivedAt ?? clock.now().toISOString(),
      body: { direction: 2, msgId: `m-${id}`, messageType: action, messageBody: structuredClone(payload) },
      id,
      origin: 'client',
      connection: 1,
      protocol: speaker.version ?? version,
    };
  }

  const publish = (message: Envelope) => bus.publish('MessagesIn', message);

  const session: TestSession = {
    bus,
    place,
    sent,
    events,
    commands,
    envelope,
    publish,
    async call<Answer>(action: string, payload: object, speaker?: Speaker) {
      const message = envelope(action, payload, speaker);
      await publish(message);
      const answer = sent.find(({ answerTo }) => answerTo === message.id);
      if (answer?.body.direction !== 3) throw new Error(`${action} was answered ${JSON.stringify(answer?.body)}`);
      return answer.body.messageBody as Answer;
    },
    async tell(action, payload, speaker) {
      const message = envelope(action, payload, speaker);
      await publish(message);
      return message;
    },
    async answered(action, request, response, speaker) {
      const message = envelope(action, response, speaker);
      message.body.direction = 3;
      message.answerTo = `call-${message.id}`;
      message.request = request;
      await publish(message);
      return message;
    },
    async rest<Body>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) {
      const { app, key } = await running.rest();
      const answer = await app.inject({
        method,
        url: `/session${path}`,
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      const text = answer.body;
      const isJson =
        String(answer.headers['content-type'] ?? '').includes('json') &&
        !String(answer.headers['content-type']).includes('ndjson');
      return { status: answer.statusCode, body: (isJson ? JSON.parse(text) : undefined) as Body, text };
    },
    async addToken(idToken, more = {}) {
      const { status, text } = await session.rest('POST', '/id-tokens', { idToken, ...more });
      if (status !== 201) throw new Error(text);
    },
    onCommand(answer) {
      commandAnswer = answer;
    },
    setTime(iso) {
      time = Date.parse(iso);
    },
    async restart() {
      await running.stop();
      running = await run();
    },
  };
  return {
    session,
    async reset() {
      time = startOfTime;
      commandAnswer = unanswered;
      for (const list of [events, sent, commands]) list.length = 0;
      await eraser.erase();
    },
    async stop() {
      await running.stop();
      await eraser.close();
      await bus.stop({ timeoutMs: 1000 });
      await place.remove();
    },
  };
}
