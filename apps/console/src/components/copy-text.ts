/**
 * Puts text on the clipboard. In a network without TLS the browser has no clipboard for pages: there the old way, by
 * way of a selection, still works.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined && window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => bySelection(text),
    );
  }
  return bySelection(text);
}

function bySelection(text: string): boolean {
  const area = document.createElement('textarea');
  const before = document.activeElement;
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'visually-hidden';
  // Within an open dialog, which keeps the focus to itself.
  (before?.closest('[role="dialog"]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
