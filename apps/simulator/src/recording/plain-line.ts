import { isJsonObject, type JsonObject, parseFrame } from '@ocpp-csms/ocpp';
import type { LineContent, LogEntry } from './log-entry.ts';

/**
 * A line of some stack's log: frames with anything around them, such as a time, arrows or words for the direction, and
 * the name of the charge point. A line that is a JSON object may hold a frame as text or as it is.
 */
export function readPlainLine(text: string, line: number): LineContent {
  const { frames, around, isCutOff } = findFrames(text);
  if (isCutOff) return { entries: [], leftOut: { line, why: 'begins an OCPP message that does not end there' } };
  const told = { line, ...timeIn(around), client: clientIn(around), protocol: protocolIn(around), way: wayIn(around) };
  const content: LineContent = { entries: [] };
  for (const frame of frames) {
    // 2.1 has all message types; what a version does not have is no frame of its logs.
    const parsed = parseFrame(frame, 'ocpp2.1');
    if (parsed.ok) content.entries.push({ ...told, frame: parsed.frame });
    else content.leftOut = { line, why: `can not be read: ${parsed.description}` };
  }
  return content;
}

interface Found {
  frames: string[];
  /** The line without them. */
  around: string;
  isCutOff?: boolean;
}

function findFrames(text: string): Found {
  const object = objectIn(text);
  return object === undefined ? findInText(text) : findInObject(object);
}

function objectIn(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `[2,"id"` and the like; `[CP001]` and `[2026-01-02 …]` are none. */
const frameStart = /\[\s*"?[2-6]"?\s*,\s*(?:"|\d+\s*,)/;

function findInText(text: string): Found {
  const frames: string[] = [];
  let around = '';
  let rest = text;
  for (;;) {
    const start = rest.search(frameStart);
    if (start < 0) return { frames, around: around + rest };
    const end = endOfArray(rest, start);
    if (end === undefined) return { frames, around, isCutOff: true };
    frames.push(rest.slice(start, end));
    around += `${rest.slice(0, start)} `;
    rest = rest.slice(end);
  }
}

/** Behind the bracket that closes the one at `start`; brackets in strings do not count. */
function endOfArray(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return at + 1;
  }
  return undefined;
}

function findInObject(object: JsonObject): Found {
  const frames: string[] = [];
  let isCutOff = false;
  const around = JSON.stringify(object, (_name, value: unknown) => {
    if (Array.isArray(value) && frameStart.test(JSON.stringify(value))) return take(JSON.stringify(value));
    return typeof value === 'string' && frameStart.test(value) ? take(value) : value;
  });

  function take(text: string): string {
    const found = findInText(text);
    frames.push(...found.frames);
    isCutOff ||= found.isCutOff === true;
    return found.around;
  }

  return { frames, around, isCutOff };
}

const fullTime = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?/;
const unixTime = /(?<![\d.])(1[4-9]\d{8})(?:\.?(\d{3})\d*)?(?![\d.])/;
const timeOfDay = /(?<![\d:])(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,3}))?/;

/** A time without its zone is taken as UTC: only the distances matter. */
function timeIn(text: string): Pick<LogEntry, 'time' | 'isTimeOfDay'> {
  const full = fullTime.exec(text);
  if (full !== null) {
    const [, year, month, day, time, fraction = '0', zone = 'Z'] = full;
    const value = Date.parse(`${year}-${month}-${day}T${time}.${fraction.slice(0, 3)}${zone}`);
    if (!Number.isNaN(value)) return { time: value };
  }
  const unix = unixTime.exec(text);
  if (unix !== null) return { time: Number(unix[1]) * 1000 + Number(unix[2] ?? 0) };
  const clock = timeOfDay.exec(text);
  if (clock === null) return {};
  const [, hours, minutes, seconds, fraction = ''] = clock;
  const secondsOfDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return { time: secondsOfDay * 1000 + Number(fraction.padEnd(3, '0')), isTimeOfDay: true };
}

function protocolIn(text: string): LogEntry['protocol'] {
  const version = /\bocpp(1\.6|2\.0\.1|2\.1)\b/i.exec(text)?.[1];
  if (version === '1.6') return 'ocpp1.6';
  if (version === '2.0.1') return 'ocpp2.0.1';
  return version === '2.1' ? 'ocpp2.1' : undefined;
}

const outgoing = /(?:-|=)>|>>|→|\b(?:sent|send|sending|out|outgoing|outbound|tx)\b/i;
const incoming = /<(?:-|=)|<<|←|\b(?:recv|received|receive|receiving|in|incoming|inbound|rx)\b/i;

function wayIn(text: string): LogEntry['way'] {
  const isOut = outgoing.test(text);
  if (isOut === incoming.test(text)) return undefined;
  return isOut ? 'out' : 'in';
}

const named =
  /\b(?:client|networkId|identity|stationId|station|chargePointId|chargePoint|charge_point|chargeBoxId|cpId|cp)"?\s*[=:]\s*"?([\w.|*-]{1,48})/i;
const inAddress = /\bwss?:\/\/[^\s"]*\/([\w.|*%-]{1,48})(?=["'\s?]|$)/i;
const inBrackets = /\[([A-Za-z][\w.:|*-]{0,47})\]/g;

/** `[CP001]`, but not `[INFO]` or `[main]`: names of charge points have digits. */
function clientIn(text: string): string | undefined {
  const name = named.exec(text)?.[1] ?? inAddress.exec(text)?.[1];
  if (name !== undefined) return name;
  return [...text.matchAll(inBrackets)].map(([, word = '']) => word).find((word) => isName(word));
}

function isName(word: string): boolean {
  return /\d/.test(word) && !/^(?:ocpp|thread|worker|ws|pid|conn|socket)[-:.\d]/i.test(word);
}
