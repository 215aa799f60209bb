/** What a charge point sends must not move the cursor or paint the terminal: neither control characters nor what turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD');
}

/** The same for a text of several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** JSON leaves some of them as they are. They stand in texts alone, where an escape is the same. */
export function printableJson(json: string): string {
  return json.replace(/[\u007F-\u009F]|\p{Cf}|\p{Cs}/gu, (sign) =>
    Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
