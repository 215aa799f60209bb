import { msgIdCode } from '../msg-id-code.ts';

const codeLength = 8;

/** 48 bits of the id in eight characters: says that an id is not among others, or that it has to be looked for. */
export function idCode(id: string): string {
  const half = id.length >> 1;
  return msgIdCode(id.slice(half)) + msgIdCode(id);
}

/** The codes of a text in which one stands after the other. */
export function idCodesOf(text: string): string[] {
  const codes: string[] = [];
  for (let at = 0; at < text.length; at += codeLength) codes.push(text.slice(at, at + codeLength));
  return codes;
}
