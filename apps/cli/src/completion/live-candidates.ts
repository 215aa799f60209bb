import { actionsOf, ocppVersions, requestSchema } from '@ocpp-csms/ocpp';
import { versionOf } from '../commands/command/read-payload.ts';
import type { ChargePoint, IdToken, RefusedConnection } from '../connection/answers.ts';
import type { Api, Query } from '../connection/api.ts';
import { connect } from '../connection/connect.ts';
import { payloadSchema } from '../ocpp/payload-schema.ts';
import type { Asked, Candidate } from './candidate.ts';

/** By the name of an argument, what could stand there. Whoever waits for a Tab waits for no server that is away. */
export async function liveCandidates(argument: string, asked: Asked): Promise<readonly Candidate[]> {
  const find = finders[argument];
  if (find === undefined) return [];
  try {
    return await find(asked);
  } catch {
    return [];
  }
}

const most = 200;
const timeoutMs = 2000;

const finders: Readonly<Record<string, (asked: Asked) => Promise<readonly Candidate[]>>> = {
  chargePoint: chargePointsFor,
  chargePoints: chargePointsFor,
  networkId: refusedFor,
  idToken: tokensFor,
  idTokens: tokensFor,
  action: actionsFor,
  payload: membersFor,
};

async function itemsOf<Item>(path: string, query: Query, { context }: Asked): Promise<Item[]> {
  const page: { items: Item[] } = await (await apiOf(context)).get(path, { ...query, limit: most });
  return page.items;
}

const apiOf = (context: Asked['context']): Promise<Api> => connect({}, context, { timeoutMs });

async function chargePointsFor(asked: Asked): Promise<Candidate[]> {
  const items = await itemsOf<ChargePoint>('/device-manager/charge-points', {}, asked);
  return items.map(({ networkId, name }) => ({ text: networkId, ...(name === networkId ? {} : { words: name }) }));
}

/** Of `charge-points adopt`; one that is added is not known yet. */
async function refusedFor(asked: Asked): Promise<Candidate[]> {
  if (asked.command.name() !== 'adopt') return [];
  const items = await itemsOf<RefusedConnection>('/device-manager/refused-connections', {}, asked);
  return items.map(({ networkId, words }) => ({ text: networkId, words }));
}

async function tokensFor(asked: Asked): Promise<Candidate[]> {
  if (asked.command.name() === 'add') return [];
  const path = asked.command.name() === 'accept' ? '/session/id-tokens/unknown' : '/session/id-tokens';
  const items = await itemsOf<IdToken>(path, {}, asked);
  return items.map(({ idToken, note }) => ({ text: idToken, ...(note === undefined ? {} : { words: note }) }));
}

/** Those of the version that the charge point speaks; where that is not known, of all. */
async function actionsFor({ given, context }: Asked): Promise<Candidate[]> {
  const version = await versionAt(given, context);
  const versions = version === undefined ? ocppVersions : [version];
  const names = versions.flatMap(actionsOf).filter(({ from }) => from !== 'charge-point');
  return [...new Set(names.map(({ action }) => action))].sort().map((text) => ({ text }));
}

async function versionAt([chargePoint = '']: readonly string[], context: Asked['context']) {
  try {
    return await versionOf(await apiOf(context), { chargePoints: chargePoint.split(',') });
  } catch {
    return undefined;
  }
}

/** `type=` for a member of the payload, and behind it what it may be. */
async function membersFor({ given, current, context }: Asked): Promise<Candidate[]> {
  const [, action = '', ...pairs] = given;
  const version = await versionAt(given, context);
  const root = version === undefined ? undefined : await requestSchema(version, action);
  if (root === undefined) return [];
  const schema = payloadSchema(root);
  const [path = '', value] = current.split('=', 2);
  const steps = path.split('.');
  if (value !== undefined) return (schema.at(steps)?.choices ?? []).map((choice) => ({ text: `${path}=${choice}` }));
  const above = steps.slice(0, -1);
  const members = schema.at(above)?.members ?? [];
  return members
    .filter(({ name }) => name !== 'customData')
    .map(({ name, type, isRequired }) => ({ text: [...above, name].join('.'), type, isRequired }))
    .filter(({ text, type }) => type === 'array' || !pairs.some((pair) => pair.startsWith(`${text}=`)))
    .map(({ text, type, isRequired }) => ({
      text: type === 'object' ? `${text}.` : `${text}=`,
      words: isRequired ? 'required' : 'optional',
    }));
}
