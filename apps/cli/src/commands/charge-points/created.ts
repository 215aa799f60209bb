import type { CreatedChargePoint } from '../../connection/answers.ts';
import type { Context } from '../../context.ts';
import { jsonDocument } from '../../output/json.ts';
import { facts } from '../../output/table.ts';

/** A charge point that has just been registered. Its password comes this once. */
export async function showCreated(
  chargePoint: Pick<
    CreatedChargePoint,
    'networkId' | 'name' | 'chargePointId' | 'securityProfile' | 'password' | 'warning'
  >,
  { json }: { json?: boolean },
  { terminal }: Context,
): Promise<void> {
  if (json) return terminal.out(jsonDocument(chargePoint));
  const { networkId, name, chargePointId, securityProfile, password, warning } = chargePoint;
  await terminal.out(
    facts([
      ['networkId', networkId],
      ['name', name],
      ['security profile', String(securityProfile)],
      ['password', password],
      ['chargePointId', chargePointId],
    ]),
  );
  if (password !== undefined) terminal.note('The password is shown only now: put it into the charge point.');
  if (warning !== undefined) terminal.note(warning);
}
