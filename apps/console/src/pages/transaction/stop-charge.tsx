import type { TransactionDetail } from '@ocpp-csms/api-client';
import { versionOf } from '../../commands/commands-for.ts';
import { stopContent } from '../../commands/quick-actions.ts';
import { CommandButton } from '../../components/command-button.tsx';
import { useChargePoint } from '../../data/charge-points.ts';

export function StopCharge({ transaction }: { transaction: TransactionDetail }) {
  const { networkId, transactionId, idToken } = transaction;
  const { data: chargePoint } = useChargePoint(networkId);
  if (!chargePoint) return null;
  return (
    <CommandButton
      chargePoint={chargePoint}
      label="Stop charge"
      content={stopContent(versionOf(chargePoint.connection), transactionId)}
      question={`Stop this charge at ${chargePoint.name}?`}
      consequence={`${idToken ?? 'Whoever'} charges there, and is not asked. The cable is freed as the charge point does it.`}
      mayNot={chargePoint.connection.connected ? undefined : 'It is offline: what ends a charge is not kept for later.'}
    />
  );
}
