/** Cuts text to a number of UTF-16 units without leaving half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const endsInHalf = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, endsInHalf ? length - 1 : length);
}
