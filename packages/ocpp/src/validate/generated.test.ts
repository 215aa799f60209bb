import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../../generate/files.ts';
import { compactSchema, readSource } from '../../generate/source.ts';
import { actionsOf, loadValidator, ocppVersions, requestSchema, responseSchema } from '../index.ts';
import { formats } from './formats.ts';
import { type Definitions, resolve, type Schema } from './schema.ts';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
const specFolder = process.env.OCPP_SPEC_DIR ?? join(packageFolder, '../../../shared/spec');

describe('the generated files', () => {
  it('are what the generator writes', () => {
    for (const [path, text] of generatedFiles()) {
      expect(readFileSync(join(packageFolder, path), 'utf8') === text, `${path}: run "npm run generate"`).toBe(true);
    }
  });

  it('need nothing at run time', () => {
    for (const [path, text] of generatedFiles()) {
      if (path.endsWith('.js')) expect(text).not.toMatch(/\brequire\(|\bimport\b/);
    }
  });
});

/** One or a few payloads of every action: mostly valid, with some faults mixed in. */
function arbitrary(unresolved: Schema, definitions: Definitions): fc.Arbitrary<unknown> {
  const schema = resolve(unresolved, definitions);
  const fault = fc.constantFrom<unknown>(
    null,
    '',
    'x'.repeat(30),
    0,
    -1,
    1.25,
    Number.POSITIVE_INFINITY,
    true,
    {},
    [],
    [null],
    { a: 1 },
  );
  return fc.oneof({ weight: 60, arbitrary: valid(schema, definitions) }, { weight: 1, arbitrary: fault });
}

function valid(schema: Schema, definitions: Definitions): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return validObject(schema, definitions);
    case 'array':
      return fc.array(arbitrary(schema.items ?? {}, definitions), { minLength: schema.minItems ?? 0, maxLength: 2 });
    case 'string':
      if (schema.format === 'date-time') return fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.6+01:00');
      if (schema.format === 'uri') return fc.constant('ftp://host/x');
      return fc.string({ maxLength: Math.min(schema.maxLength ?? 20, 20), unit: 'grapheme-ascii' });
    case 'number':
      return fc.integer({ min: 0, max: 400 }).map((tenths) => (schema.minimum ?? 0) + tenths / 10);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 100 });
    default:
      return fc.boolean();
  }
}

function validObject(schema: Schema, definitions: Definitions): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    name,
    arbitrary(member, definitions),
  ]);
  const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(members);
  const requiredKeys = [...(schema.required ?? [])];
  const record = fc.oneof(
    { weight: 30, arbitrary: fc.record(model, { requiredKeys }) },
    { weight: 1, arbitrary: fc.record(model, { requiredKeys: [] }) },
  );
  const extra = fc.oneof(
    { weight: 30, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ extra: 1 }) },
  );
  return fc.tuple(record, extra).map(([known, more]) => ({ ...known, ...more }));
}

/** Requests whose required members may be missing after reading. */
const lenient =
  /^(Authorize|BootNotification|MeterValues|StartTransaction|StatusNotification|StopTransaction|TransactionEvent)$/;

describe.each(ocppVersions)('the validators of %s', (version) => {
  it('agree with ajv', { timeout: 120_000 }, async () => {
    const validator = await loadValidator(version);
    for (const { action, kind } of actionsOf(version)) {
      const schema = await requestSchema(version, action);
      compare(schema, (payload) => validator.checkRequest(action, payload).length === 0, action);
      if (kind === 'send') continue;
      compare(
        await responseSchema(version, action),
        (payload) => validator.checkResponse(action, payload).length === 0,
        action,
      );
    }
  });

  it('accept what they repaired without a word, and only that', { timeout: 120_000 }, async () => {
    const validator = await loadValidator(version);
    const { definitions, requests } = readSource(version);
    for (const [action, schema] of Object.entries(requests)) {
      fc.assert(
        fc.property(arbitrary(schema, definitions), (payload) => {
          const reading = validator.readRequest(action, payload);
          const isValid = validator.checkRequest(action, payload).length === 0;
          expect(reading.ok && reading.deviations.length === 0, action).toBe(isValid);
          if (isValid) expect(reading.ok && reading.payload).toBe(payload);
          expect(validator.readRequest(action, payload, { strict: true }).ok, action).toBe(isValid);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('give handlers payloads in the shape of the schema', { timeout: 120_000 }, async () => {
    const validator = await loadValidator(version);
    const { definitions, requests } = readSource(version);
    const kept = /^(enum|too-long|format|range|too-few|too-many)$/;
    for (const [action, schema] of Object.entries(requests)) {
      fc.assert(
        fc.property(arbitrary(schema, definitions), (payload) => {
          const reading = validator.readRequest(action, payload);
          if (!reading.ok) return;
          const violations = validator.checkRequest(action, reading.payload);
          const unexpected = violations.filter(({ rule, path }) => {
            const mayBeMissing = rule === 'missing' && lenient.test(action);
            return !kept.test(rule) && !mayBeMissing && !path.includes('/customData');
          });
          expect(unexpected, action).toEqual([]);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('are made of the schemas of the specification', ({ skip }) => {
    skip(
      !existsSync(specFolder),
      'the specifications are not beside the repository; OCPP_SPEC_DIR can name their folder',
    );
    const ours = readSource(version);
    for (const { action, kind } of actionsOf(version)) {
      const official = readOfficial(version, action, 'Request');
      expect(flat(ours.requests[action] ?? {}, ours.definitions), action).toEqual(
        withErrata(version, action, official),
      );
      if (kind === 'send') continue;
      expect(flat(ours.responses[action] ?? {}, ours.definitions), action).toEqual(
        readOfficial(version, action, 'Response'),
      );
    }
  });
});

if (!existsSync(specFolder)) {
  process.stderr.write(`The schemas are not compared with the specification: there is no folder ${specFolder}\n`);
}

function compare(schema: object | undefined, isValid: (payload: unknown) => boolean, action: string): void {
  const root: Schema & { definitions?: Definitions } = schema ?? {};
  const ajv = new Ajv({ formats, multipleOfPrecision: 6 });
  const oracle = ajv.compile(root);
  fc.assert(
    fc.property(arbitrary(root, root.definitions ?? {}), (payload) => {
      expect(isValid(payload), `${action} ${JSON.stringify(payload)}`).toBe(oracle(payload));
    }),
    { numRuns: 40 },
  );
}

/** 1.6 calls a request `Authorize.json`, a SEND of 2.1 is `NotifyPeriodicEventStream.json`. */
function readOfficial(version: string, action: string, part: 'Request' | 'Response'): unknown {
  const paths = [`${action}${part}.json`, `${action}.json`].map((file) => join(specFolder, version, 'schemas', file));
  const path = paths.find((candidate) => existsSync(candidate)) ?? `${action}: no schema`;
  const schema: Schema & { definitions?: Definitions } = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  return flat(schema, schema.definitions ?? {});
}

/** Compares by meaning: references followed, order of lists of names set aside. */
function flat(schema: Schema, definitions: Definitions): unknown {
  const compact = compactSchema(resolve(schema, definitions));
  return {
    ...compact,
    ...(compact.enum && { enum: [...compact.enum].sort() }),
    ...(compact.required && { required: [...compact.required].sort() }),
    ...(compact.items && { items: flat(compact.items, definitions) }),
    ...(compact.properties && {
      properties: Object.fromEntries(
        Object.entries(compact.properties).map(([name, member]) => [name, flat(member, definitions)]),
      ),
    }),
  };
}

/** J16 errata 2.1 adds "Celsius" beside "Celcius" to StopTransaction.req; the copy of the schema is older. */
function withErrata(version: string, action: string, official: unknown): unknown {
  if (version !== 'ocpp1.6' || action !== 'StopTransaction') return official;
  return JSON.parse(JSON.stringify(official).replace('"Celcius"', '"Celcius","Celsius"'));
}
