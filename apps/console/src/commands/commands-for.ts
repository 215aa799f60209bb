import type { ChargePoint } from '@ocpp-csms/api-client';
import type { CommandToMany } from '../data/commands.ts';
import type { OcppVersion, QuickAction } from './quick-actions.ts';

type Target = Pick<ChargePoint, 'networkId' | 'connection'>;

/** The API takes so many at once. */
const mostAtOnce = 1000;

/** The same for all, in the words of the version that each of them speaks. */
export function commandsFor({ content }: QuickAction, chosen: readonly Target[]): CommandToMany[] {
  const byContent = Map.groupBy(chosen, ({ connection }) => JSON.stringify(content(versionOf(connection))));
  return [...byContent.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const networkIds = alike.map(({ networkId }) => networkId);
    const parts = Array.from({ length: Math.ceil(networkIds.length / mostAtOnce) }, (_, part) =>
      networkIds.slice(part * mostAtOnce, (part + 1) * mostAtOnce),
    );
    return parts.map((chargePoints) => ({ ...content(versionOf(first.connection)), chargePoints }));
  });
}

/** What it speaks, else spoke last; one that was never here is taken for the eldest. */
export function versionOf({ protocol, lastProtocol }: ChargePoint['connection']): OcppVersion {
  const version = protocol ?? lastProtocol;
  return version === 'ocpp2.0.1' || version === 'ocpp2.1' ? version : 'ocpp1.6';
}
