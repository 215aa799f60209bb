import type { DeviceContext } from '../context.ts';
import type { ChargePointTable } from '../schema.ts';
import { createChargePoint, findChargePoint } from './charge-point-store.ts';
import { networkIdFault } from './network-id.ts';
import { digestsIn } from './refused-connections.ts';

export interface AdoptQuestion {
  networkId: string;
  credentials: 'none' | 'basic';
  passwordDigests?: unknown;
  remoteAddress?: string;
}

/** For trying out: registers whoever comes, with the password that it brings. One that is known stays as it is. */
export async function adoptUnknown(question: AdoptQuestion, context: DeviceContext): Promise<ChargePointTable> {
  const { networkId } = question;
  const fault = networkIdFault(networkId);
  if (fault !== undefined) throw new Error(fault);
  const known = await findChargePoint(context.tx, networkId);
  if (known) return known;
  const digests = question.credentials === 'basic' ? digestsIn(question.passwordDigests) : [];
  const securityProfile = digests.length > 0 ? 1 : 0;
  const row = await createChargePoint({ networkId, securityProfile, digests, tags: ['adopted'] }, context);
  context.log.warn(
    { networkId, remoteAddress: question.remoteAddress, securityProfile },
    'An unknown charge point was adopted (csmsServer.adoptUnknown)',
  );
  return row;
}
