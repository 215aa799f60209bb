import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { useDeleteToken } from '../../data/tokens.ts';

export function DeleteToken({ idToken, onDeleted }: { idToken: string; onDeleted: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const { mutate, isPending, error } = useDeleteToken();
  return (
    <>
      <ActionButton needs="operator" variant="subtle" color="gray" onClick={() => setIsAsking(true)}>
        Delete
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Delete ${idToken}?`}
        consequence="It is unknown from then on and refused wherever it is presented. Charges that it began go on, and stay in the ledger. Charge points that have it in their list or memory may take it until they are told."
        verb="Delete"
        onConfirm={() => mutate(idToken, { onSuccess: onDeleted })}
        isPending={isPending}
        error={error}
      />
    </>
  );
}
