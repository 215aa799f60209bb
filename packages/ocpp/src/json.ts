/** Whatever `JSON.parse` may return. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object before anything is known about its members. */
export type JsonObject = { [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
