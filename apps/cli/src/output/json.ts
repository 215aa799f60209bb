import { printableJson } from './printable.ts';

/** For people and programs. */
export const jsonDocument = (value: unknown): string => `${printableJson(JSON.stringify(value, null, 2))}\n`;

/** One of many. */
export const jsonLine = (value: unknown): string => `${printableJson(JSON.stringify(value))}\n`;
