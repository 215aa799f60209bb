import { createRequire } from 'node:module';
import { type ActionOf, isJsonObject, type OcppVersion, type RequestOf, type ResponseOf } from '@ocpp-csms/ocpp';
import { createCallAnswers } from './call-answers.ts';
import {
  CallError,
  type CallHandler,
  type ChargePointClient,
  type ConnectOptions,
  noAnswer,
  type ReceivedCall,
  UpgradeRefused,
} from './client.ts';
import { createInbox } from './inbox.ts';
import { loadSchemaOracle } from './schema-oracle.ts';

/** The part of `ocpp-rpc` 2.2 that we use; its own types leave the options and errors open. */
interface RpcCall {
  messageId: string;
  method: string;
  params: unknown;
}
interface RpcClient {
  connect(): Promise<unknown>;
  call(method: string, params: unknown, options?: { callTimeoutMs?: number }): Promise<unknown>;
  handle(handler: (call: RpcCall) => Promise<unknown>): void;
  close(options?: { code?: number; force?: boolean }): Promise<unknown>;
}
interface RpcValidator {
  subprotocol: string;
  /** `urn:Heartbeat.req`, `urn:Heartbeat.conf`; throws. */
  validate(schemaId: string, payload: unknown): void;
}
interface RpcLibrary {
  RPCClient: new (options: {
    endpoint: string;
    identity: string;
    password?: string | Buffer;
    protocols: string[];
    strictMode: boolean;
    strictModeValidators: RpcValidator[];
    reconnect: boolean;
    pingIntervalMs: number;
  }) => RpcClient;
  createRPCError(code: string, description: string, details: object): Error;
  NOREPLY: unknown;
}

/** A charge point on the independent client of the registry, which checks both directions against the schemas itself. */
export async function connectRpcChargePoint<V extends OcppVersion>(
  options: ConnectOptions<V>,
): Promise<ChargePointClient<V>> {
  const { url, networkId, protocol, password, timeoutMs = 10_000 } = options;
  const library: RpcLibrary = createRequire(import.meta.url)('ocpp-rpc');
  const client = new library.RPCClient({
    endpoint: url,
    identity: networkId,
    ...(password === undefined ? {} : { password }),
    protocols: [protocol],
    strictMode: true,
    strictModeValidators: protocol === 'ocpp2.1' ? [validator21()] : [],
    reconnect: false,
    pingIntervalMs: 0,
  });
  const answers = createCallAnswers(protocol);
  const calls = createInbox<ReceivedCall>();

  client.handle(async ({ messageId, method, params }) => {
    const payload = isJsonObject(params) ? params : {};
    calls.push({ msgId: messageId, action: method, payload });
    const reply = await answers.answerTo(method, payload);
    if (reply === noAnswer) return library.NOREPLY;
    if (reply instanceof CallError) throw library.createRPCError(reply.code, reply.description, {});
    return reply;
  });

  await client.connect().catch((error: unknown) => {
    throw refusal(error);
  });

  return {
    networkId,
    call: <A extends ActionOf<V>>(action: A, payload: RequestOf<V, A>) =>
      client.call(action, payload, { callTimeoutMs: timeoutMs }).catch((error: unknown) => {
        throw callError(error);
      }) as Promise<ResponseOf<V, A>>,
    onCall: <A extends ActionOf<V>>(action: A, handler: CallHandler<V, A>) =>
      answers.set(action, (payload) => handler(payload as RequestOf<V, A>)),
    nextCall: <A extends ActionOf<V>>(action: A) =>
      calls.take((call) => call.action === action, `${action} from the CSMS`, timeoutMs) as Promise<
        ReceivedCall<RequestOf<V, A>>
      >,
    async close() {
      await client.close({ code: 1000 });
    },
  };
}

/** Its own validator of 2.1 (in 2.2.1) looks for names that its schemas of 2.1 do not have. */
function validator21(): RpcValidator {
  const violationOf = loadSchemaOracle('ocpp2.1');
  return {
    subprotocol: 'ocpp2.1',
    validate(schemaId, payload) {
      const [, action = '', part] = /^urn:(.+)\.(req|conf)$/.exec(schemaId) ?? [];
      const violation = violationOf(action, part === 'req' ? 'request' : 'response', payload);
      if (violation !== undefined) throw new Error(violation);
    },
  };
}

function refusal(error: unknown): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  return typeof code === 'number' ? new UpgradeRefused(code, message ?? '') : error;
}

function callError(error: unknown): unknown {
  const { rpcErrorCode, message } = (error ?? {}) as { rpcErrorCode?: unknown; message?: string };
  return typeof rpcErrorCode === 'string' ? new CallError(rpcErrorCode, message ?? '') : error;
}
