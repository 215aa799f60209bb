/** One event as it came: `data` is the text. */
export interface RawEvent {
  event: string;
  data: string;
  id: string | undefined;
}

export interface EventParser {
  /** What the stream says next, cut anywhere. Returns the events that are complete now. */
  push(text: string): RawEvent[];
}

/** More than this without an end of line, or in one event, is no event stream of ours. */
const maxCharacters = 16 * 1024 * 1024;

/** The format of https://html.spec.whatwg.org/multipage/server-sent-events.html. Throws when an event never ends. */
export function createEventParser(): EventParser {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let size = 0;
  let id: string | undefined;

  function take(line: string): RawEvent | undefined {
    if (line === '') return complete();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'id' && !value.includes('\0')) id = value;
    if (field === 'data') {
      data.push(value);
      size += value.length;
      if (size > maxCharacters) throw new RangeError('an event is too large');
    }
    return undefined;
  }

  function complete(): RawEvent | undefined {
    const done = data.length > 0 ? { event: event || 'message', data: data.join('\n'), id } : undefined;
    event = '';
    data = [];
    size = 0;
    return done;
  }

  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > maxCharacters) throw new RangeError('a line is too long');
      return lines.map(take).filter((found) => found !== undefined);
    },
  };
}
