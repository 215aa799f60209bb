import type { Reservation } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { useCancelReservation } from '../../data/reservations.ts';

/** Nothing where there is nothing to cancel any more. */
export function CancelReservation({ reservation }: { reservation: Reservation }) {
  const { id, status, networkId, idToken } = reservation;
  const [isAsking, setIsAsking] = useState(false);
  const { mutate, isPending, error } = useCancelReservation();
  if (status !== 'accepted' && status !== 'requested') return null;
  return (
    <>
      <ActionButton needs="operator" onClick={() => setIsAsking(true)}>
        Cancel …
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Cancel the reservation at ${networkId}?`}
        consequence={`The connector is no longer kept for ${idToken}: anybody may use it.`}
        verb="Cancel it"
        onConfirm={() => mutate(id, { onSuccess: () => setIsAsking(false) })}
        isPending={isPending}
        error={error}
      />
    </>
  );
}
