import { readFile } from 'node:fs/promises';
import type { RpcErrorCode } from '../errors.ts';
import type { IsValid } from '../generated/ocpp1.6/validators.js';
import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { OcppVersion } from '../versions.ts';
import { check, codeOf, type Violation } from './check.ts';
import { expand } from './expand.ts';
import { type Reading, repair } from './repair.ts';
import type { Schema, SchemaFile } from './schema.ts';

export interface ReadOptions {
  /** Refuse what the specification refuses; for certification, and for charge points that are to be held to it. */
  readonly strict?: boolean;
}

/** The only schema check: tolerant with what comes in, strict with what goes out. */
export interface Validator {
  readonly version: OcppVersion;
  /**
   * Brings a request into the shape of its schema, and names each departure. In transaction messages,
   * BootNotification and StatusNotification, required members may still be missing: an error answer would make the
   * charge point throw the message away. Lists and objects are then empty; texts, numbers and times are `undefined`.
   */
  readRequest(action: string, payload: unknown, options?: ReadOptions): Reading;
  readResponse(action: string, payload: unknown, options?: ReadOptions): Reading;
  /** Empty when the request is exactly valid. */
  checkRequest(action: string, payload: unknown): readonly Violation[];
  checkResponse(action: string, payload: unknown): readonly Violation[];
}

const validators = new Map<OcppVersion, Promise<Validator>>();
const schemaFiles = new Map<OcppVersion, Promise<SchemaFile>>();

/** Loads what a version needs on first use. */
export function loadValidator(version: OcppVersion): Promise<Validator> {
  return once(validators, version, createValidator);
}

/** The schema of a request, complete in itself (definitions included), without descriptions. */
export async function requestSchema(version: OcppVersion, action: string): Promise<JsonObject | undefined> {
  const { definitions, requests } = await loadSchemas(version);
  return Object.hasOwn(requests, action) ? expand(requests[action], definitions) : undefined;
}

/** The schema of a response; `undefined` also for a SEND. */
export async function responseSchema(version: OcppVersion, action: string): Promise<JsonObject | undefined> {
  const { definitions, responses } = await loadSchemas(version);
  return Object.hasOwn(responses, action) ? expand(responses[action], definitions) : undefined;
}

function loadSchemas(version: OcppVersion): Promise<SchemaFile> {
  return once(schemaFiles, version, async () => {
    const file: SchemaFile = JSON.parse(
      await readFile(new URL(`../generated/${version}/schemas.json`, import.meta.url), 'utf8'),
    );
    return file;
  });
}

interface Functions {
  requests: Readonly<Record<string, IsValid>>;
  responses: Readonly<Record<string, IsValid>>;
}

const functions: Record<OcppVersion, () => Promise<Functions>> = {
  'ocpp1.6': () => import('../generated/ocpp1.6/validators.js'),
  'ocpp2.0.1': () => import('../generated/ocpp2.0.1/validators.js'),
  'ocpp2.1': () => import('../generated/ocpp2.1/validators.js'),
};

async function createValidator(version: OcppVersion): Promise<Validator> {
  const [{ definitions, requests, responses }, valid] = await Promise.all([loadSchemas(version), functions[version]()]);
  const request = (action: string) => partFor(action, requests, valid.requests);
  const response = (action: string) => partFor(action, responses, valid.responses);

  function read(action: string, part: Part | undefined, payload: unknown, lenient: boolean, strict = false): Reading {
    if (!part) return unknownAction(version, action);
    if (isJsonObject(payload) && part.isValid(payload)) return { ok: true, payload, deviations: [] };
    if (!strict) return repair(part.schema, payload, { definitions, action, lenient });
    return refuse(check(part.schema, payload, definitions), payload);
  }

  function violations(action: string, part: Part | undefined, payload: unknown): readonly Violation[] {
    if (!part) return [{ path: '', rule: 'unknown-action', message: unknownText(version, action) }];
    return part.isValid(payload) ? [] : check(part.schema, payload, definitions);
  }

  return {
    version,
    readRequest: (action, payload, options) => read(action, request(action), payload, true, options?.strict),
    readResponse: (action, payload, options) => read(action, response(action), payload, false, options?.strict),
    checkRequest: (action, payload) => violations(action, request(action), payload),
    checkResponse: (action, payload) => violations(action, response(action), payload),
  };
}

interface Part {
  readonly schema: Schema;
  readonly isValid: IsValid;
}

/** An action is text from outside: "constructor" must not find anything. */
function partFor(
  action: string,
  schemas: Readonly<Record<string, Schema>>,
  valid: Readonly<Record<string, IsValid>>,
): Part | undefined {
  const schema = Object.hasOwn(schemas, action) ? schemas[action] : undefined;
  const isValid = schema && valid[action];
  return schema && isValid && { schema, isValid };
}

/** Strict reading: the first violation decides the code. Text measured too strictly by the fast check ends up valid here. */
function refuse(violations: readonly Violation[], payload: unknown): Reading {
  const [first] = violations;
  if (!first && isJsonObject(payload)) return { ok: true, payload, deviations: [] };
  const code: RpcErrorCode = first ? codeOf(first) : 'FormatViolation';
  return { ok: false, code, description: first?.message ?? 'the payload must be an object', deviations: [] };
}

function unknownAction(version: OcppVersion, action: string): Reading {
  return { ok: false, code: 'NotImplemented', description: unknownText(version, action), deviations: [] };
}

function unknownText(version: OcppVersion, action: string): string {
  return `${version} has no action ${JSON.stringify(action.slice(0, 60))}`;
}

function once<K, V>(cache: Map<K, Promise<V>>, key: K, make: (key: K) => Promise<V>): Promise<V> {
  const known = cache.get(key);
  if (known) return known;
  const made = make(key);
  cache.set(key, made);
  return made;
}
