import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isOcppVersion, type JsonObject, requestSchema } from '@ocpp-csms/ocpp';
import type { ChargePoint } from '../../connection/answers.ts';
import type { Api } from '../../connection/api.ts';
import type { Context } from '../../context.ts';
import { wrongUsage } from '../../failure.ts';
import { payloadFromJson, payloadFromPairs } from '../../ocpp/payload.ts';
import { type PayloadSchema, payloadSchema } from '../../ocpp/payload-schema.ts';
import type { Targets } from './targets.ts';

interface Asked {
  api: Api;
  targets: Targets;
  action: string;
  context: Pick<Context, 'stdin' | 'cwd'>;
}

/** The payload, however it was said: JSON, a file, the standard input, key=value, or nothing. */
export async function readPayload(words: readonly string[], asked: Asked): Promise<JsonObject> {
  const [first, ...others] = words;
  if (first === undefined) return {};
  const whole = await wholePayload(first, asked.context);
  if (whole === undefined) return payloadFromPairs(words, await schemaFor(asked));
  if (others.length > 0) throw wrongUsage(`${others[0]} is too much behind a whole payload.`);
  return payloadFromJson(whole);
}

async function wholePayload(word: string, { stdin, cwd }: Pick<Context, 'stdin' | 'cwd'>): Promise<string | undefined> {
  if (/^\s*[{[]/.test(word)) return word;
  if (word === '-') return text(stdin);
  if (!word.startsWith('@')) return undefined;
  const file = resolve(cwd, word.slice(1));
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(`${file} cannot be read (${error.code}).`);
  });
}

/** In the version that the charge point speaks, or the first of several; undefined where that is not known. */
async function schemaFor({ api, targets, action }: Asked): Promise<PayloadSchema | undefined> {
  const version = await versionOf(api, targets);
  const schema = version === undefined ? undefined : await requestSchema(version, action);
  return schema && payloadSchema(schema);
}

export async function versionOf(api: Api, targets: Targets) {
  const path = '/device-manager/charge-points';
  const chargePoint: ChargePoint | undefined =
    'chargePoints' in targets
      ? await api.get(`${path}/${encodeURIComponent(targets.chargePoints[0] ?? '')}`)
      : (await api.get<{ items: ChargePoint[] }>(path, { ...targets.filter, limit: 1 })).items[0];
  const protocol = chargePoint?.connection.protocol ?? chargePoint?.connection.lastProtocol ?? undefined;
  return protocol !== undefined && isOcppVersion(protocol) ? protocol : undefined;
}
