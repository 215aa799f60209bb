import { type Deviation, shortValue } from '../deviation.ts';
import type { RpcErrorCode } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { redact } from '../secrets.ts';
import {
  type Complaint,
  check,
  codeOf,
  complaints,
  isOfType,
  nameOf,
  pointer,
  typeName,
  type Violation,
} from './check.ts';
import { type Coerced, coerce } from './coerce.ts';
import { isEssential } from './essential.ts';
import { type Definitions, resolve, type Schema } from './schema.ts';

/** What was understood of a payload. `deviations` is empty, and the payload the original, when it was exactly valid. */
export type Reading<T = JsonObject> =
  | { readonly ok: true; readonly payload: T; readonly deviations: readonly Deviation[] }
  | {
      readonly ok: false;
      readonly code: RpcErrorCode;
      readonly description: string;
      readonly deviations: readonly Deviation[];
    };

export interface RepairOptions {
  readonly definitions: Definitions;
  readonly action: string;
  /** Requests are read with the leniency of their action (`essential.ts`); responses are not. */
  readonly lenient: boolean;
}

const unusable = Symbol('unusable');

/** A message of a million faults is kept with fifty of them. */
const mostDeviations = 50;

/** Builds a copy in the shape of the schema out of whatever can be understood, and names each departure. */
export function repair(schema: Schema, payload: unknown, options: RepairOptions): Reading {
  const walk = new Repair(options);
  const object = walk.readPayload(resolve(schema, options.definitions), payload);
  const { reason } = walk;
  // Deviations are shown and stored: they must not carry what is hidden in the payload itself.
  const hasSecret = redact(options.action, payload) !== payload;
  const deviations = hasSecret ? walk.deviations.map(withoutValue) : walk.deviations;
  if (isJsonObject(object)) return { ok: true, payload: object, deviations };
  return { ok: false, code: codeOf(reason), description: reason.message, deviations };
}

/** "number 1234 taken as text" tells the value as well. */
function withoutValue({ rule, path, made }: Deviation): Deviation {
  return { rule, path, made: made.replace(/\d\S*/g, '…') };
}

class Repair {
  readonly deviations: Deviation[] = [];
  /** Why the value that was given up last could not be understood. */
  reason: Violation = { path: '', rule: 'type', message: 'the payload must be an object' };
  readonly #options: RepairOptions;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  readPayload(schema: Schema, payload: unknown): unknown {
    if (payload !== undefined && payload !== null) return this.#read(schema, payload, '', this.#options.action);
    this.#note('null', '', 'taken as an empty payload');
    return this.#read(schema, {}, '', this.#options.action);
  }

  /** `container` is the name of the member that holds the value: what is essential depends on it. */
  #read(unresolved: Schema, value: unknown, path: string, container: string): unknown {
    const schema = resolve(unresolved, this.#options.definitions);
    if (schema.type === 'object') return this.#readObject(schema, value, path, container);
    if (schema.type === 'array') return this.#readList(schema, value, path, container);
    return this.#readScalar(schema, value, path);
  }

  #readObject(schema: Schema, value: unknown, path: string, container: string): unknown {
    const object = this.#asObject(value, path);
    if (!object) return this.#giveUp(path, 'type', `must be ${typeName(schema)}`);
    if (schema.additionalProperties !== false) return this.#keepOpen(schema, object, path);
    const result: JsonObject = {};
    const failures = new Map<string, Violation>();
    for (const [given, member] of Object.entries(object)) {
      const name = this.#nameOfMember(schema, object, given, path);
      if (name !== undefined) this.#readMember({ schema, name, value: member, path, result, failures });
      else if (member !== undefined) this.#note('unknown-member', pointer(path, given), 'set aside', member);
    }
    return this.#hasEssentials({ schema, path, container, result, failures }) ? result : unusable;
  }

  /** An object that is open by its schema, such as customData, is the vendor's business. */
  #keepOpen(schema: Schema, object: JsonObject, path: string): JsonObject {
    for (const { rule, path: within, message } of check(schema, object, this.#options.definitions)) {
      this.#note(rule, path + within, `kept as it is: ${message}`);
    }
    return object;
  }

  /** Lua and PHP write an empty object as an empty list. */
  #asObject(value: unknown, path: string): JsonObject | undefined {
    if (isJsonObject(value)) return value;
    if (!Array.isArray(value) || value.length > 0) return undefined;
    this.#note('type', path, 'an empty list taken as an empty object');
    return {};
  }

  /** `idtag` is read as `idTag` when there is no `idTag`. */
  #nameOfMember({ properties = {} }: Schema, object: JsonObject, given: string, path: string): string | undefined {
    if (Object.hasOwn(properties, given)) return given;
    const lower = given.toLowerCase();
    const name = Object.keys(properties).find((known) => known.toLowerCase() === lower);
    if (name === undefined || Object.hasOwn(object, name)) return undefined;
    this.#note('unknown-member', pointer(path, given), `taken as ${name}`);
    return name;
  }

  #readMember({ schema, name, value, path, result, failures }: Member): void {
    const member = schema.properties?.[name];
    const memberPath = pointer(path, name);
    if (!member || value === undefined) return;
    if (value === null) {
      this.#note('null', memberPath, 'taken as absent');
      return;
    }
    const mark = this.deviations.length;
    const read = this.#read(member, value, memberPath, name);
    if (read !== unusable) {
      result[name] = read;
      return;
    }
    failures.set(name, this.reason);
    this.deviations.length = mark;
    this.#note(this.reason.rule, memberPath, `dropped: ${this.reason.message}`, value);
  }

  /** Puts empty lists and objects where required ones are missing, and tells whether what is essential is there. */
  #hasEssentials({ schema, path, container, result, failures }: Members): boolean {
    for (const name of schema.required ?? []) {
      if (Object.hasOwn(result, name)) continue;
      const filling = this.#isEssential(container, name) ? unusable : this.#emptyOf(schema.properties?.[name], name);
      if (filling === unusable) {
        this.reason = failures.get(name) ?? violation(pointer(path, name), 'missing', 'is required');
        return false;
      }
      if (filling !== undefined) result[name] = filling;
      const made = filling === undefined ? 'left out' : 'taken as empty';
      if (!failures.has(name)) this.#note('missing', pointer(path, name), made);
    }
    return true;
  }

  #isEssential(container: string, name: string): boolean {
    return !this.#options.lenient || isEssential(this.#options.action, container, name);
  }

  #emptyOf(unresolved: Schema | undefined, name: string): unknown {
    const schema = resolve(unresolved ?? {}, this.#options.definitions);
    if (schema.type === 'array') return [];
    if (schema.type !== 'object') return undefined;
    const mark = this.deviations.length;
    const empty = this.#read(schema, {}, '', name);
    this.deviations.length = mark;
    return empty;
  }

  #readList(schema: Schema, value: unknown, path: string, container: string): unknown {
    const list = this.#asList(value, path);
    for (const complaint of complaints(schema, list)) this.#noteComplaint(complaint, path);
    return list.flatMap((element, index) => {
      const read = this.#readElement(schema.items ?? {}, element, `${path}/${index}`, container);
      return read === unusable ? [] : [read];
    });
  }

  /** J2.x §4.1.5: a list of one is still a list; some forget. */
  #asList(value: unknown, path: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    const isEmpty = isJsonObject(value) && Object.keys(value).length === 0;
    this.#note('type', path, isEmpty ? 'an empty object taken as an empty list' : 'taken as a list of one');
    return isEmpty ? [] : [value];
  }

  #readElement(items: Schema, element: unknown, path: string, container: string): unknown {
    const mark = this.deviations.length;
    const read =
      element === null ? this.#giveUp(path, 'null', 'must not be null') : this.#read(items, element, path, container);
    if (read !== unusable) return read;
    this.deviations.length = mark;
    this.#note('bad-element', path, `dropped: ${this.reason.message}`, element);
    return unusable;
  }

  #readScalar(schema: Schema, value: unknown, path: string): unknown {
    const coerced: Coerced | undefined = isOfType(schema, value) ? { value } : coerce(schema, value);
    if (!coerced) return this.#giveUp(path, 'type', `must be ${typeName(schema)}`);
    if (coerced.made) this.#note('type', path, coerced.made, value);
    const complaint = complaints(schema, coerced.value)[0];
    if (!complaint) return coerced.value;
    const known = complaint.rule === 'enum' && knownValue(schema.enum ?? [], coerced.value);
    if (known) this.#note('enum', path, `taken as ${known}`, value);
    else this.#noteComplaint(complaint, path, value);
    return known || coerced.value;
  }

  #giveUp(path: string, rule: string, says: string): typeof unusable {
    this.reason = violation(path, rule, says);
    return unusable;
  }

  #noteComplaint({ rule, says }: Complaint, path: string, value?: unknown): void {
    this.#note(rule, path, `kept as it is: ${nameOf(path)} ${says}`, value);
  }

  #note(rule: string, path: string, made: string, value?: unknown): void {
    if (this.deviations.length > mostDeviations) return;
    if (this.deviations.length === mostDeviations) {
      this.deviations.push({ rule: 'more', path: '', made: 'further departures are not listed' });
      return;
    }
    this.deviations.push({ rule, path, made, ...(value !== undefined && { value: shortValue(value) }) });
  }
}

interface Members {
  readonly schema: Schema;
  readonly path: string;
  readonly container: string;
  readonly result: JsonObject;
  readonly failures: Map<string, Violation>;
}

interface Member extends Omit<Members, 'container'> {
  readonly name: string;
  readonly value: unknown;
}

function violation(path: string, rule: string, says: string): Violation {
  return { path, rule, message: `${nameOf(path)} ${says}` };
}

/** "available" and " Available" mean Available. */
function knownValue(values: readonly string[], value: unknown): string | undefined {
  const text = String(value).trim().toLowerCase();
  return values.find((known) => known.toLowerCase() === text);
}
