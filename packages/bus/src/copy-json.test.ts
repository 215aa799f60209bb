import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonCopier } from './copy-json.ts';

it('copies any JSON, sharing nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = new JsonCopier().copy(value);
      expect(copy).toEqual(value);
      expectNothingShared(copy, value);
    }),
  );
});

it('keeps a member called __proto__ a member', () => {
  const original = JSON.parse('{"__proto__": {"polluted": true}}');
  const copy = new JsonCopier().copy(original);
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true}}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});

it('counts roughly the bytes that it copies', () => {
  const copier = new JsonCopier();
  copier.copy({ text: 'x'.repeat(1000), list: ['y'.repeat(500)] });
  expect(copier.bytes).toBeGreaterThan(1500);
  expect(copier.bytes).toBeLessThan(1700);
});

it('goes on after a value that was nested too deeply', () => {
  const copier = new JsonCopier();
  expect(() => copier.copy(JSON.parse(`${'['.repeat(600)}${']'.repeat(600)}`))).toThrow(RangeError);
  expect(copier.copy({ a: [1] })).toEqual({ a: [1] });
});

function expectNothingShared(copy: unknown, original: unknown): void {
  if (typeof copy !== 'object' || copy === null) return;
  expect(copy).not.toBe(original);
  for (const [name, member] of Object.entries(copy)) {
    expectNothingShared(member, (original as Record<string, unknown>)[name]);
  }
}
