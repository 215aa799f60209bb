/** What charge points said is looked at as it is: valid or not. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function textAt(value: unknown, name: string): string | undefined {
  const text = member(value, name);
  return typeof text === 'string' ? text : undefined;
}

export function numberAt(value: unknown, name: string): number | undefined {
  const number = member(value, name);
  return typeof number === 'number' ? number : undefined;
}
