export interface ServerSentEvent {
  event: string;
  data: string;
  /** Of the last event that had one. */
  id: string;
}

/** More than the largest message of a charge point, with what JSON adds. */
const longestLine = 256 * 1024 * 1024;

/** The events of a stream (WHATWG HTML, 9.2.6). `onLife` is called for each piece that comes in, heartbeats included. */
export async function* readEvents(
  stream: AsyncIterable<Uint8Array>,
  onLife: () => void = () => {},
): AsyncGenerator<ServerSentEvent> {
  let id = '';
  let event = '';
  let data: string[] = [];
  for await (const line of linesOf(stream, onLife)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id };
      event = '';
      data = [];
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
  }
}

async function* linesOf(stream: AsyncIterable<Uint8Array>, onLife: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    onLife();
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split(/\r\n|\n|\r/);
    rest.push(first);
    length += first.length;
    if (length > longestLine) throw new Error('a line of the stream is too long');
    if (others.length === 0) continue;
    yield rest.join('');
    const last = others.pop() ?? '';
    yield* others;
    rest = [last];
    length = last.length;
  }
}
