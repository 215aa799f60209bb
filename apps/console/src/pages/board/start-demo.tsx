import { Button } from '@mantine/core';
import { ActionButton } from '../../components/action-button.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useDemoOffer, useStartDemo } from '../../data/demo.ts';

/** A fleet that charges, in a system of its own beside this one: what nobody charged is never in this ledger. */
export function StartDemo() {
  const { data: offer } = useDemoOffer();
  const { mutate, data: demo, isPending, error, reset } = useStartDemo();
  if (offer?.offered !== true)
    return (
      <p>
        A fleet that charges, with data of its own, on the machine of the system:{' '}
        <Copyable text="npm start -- --demo" what="command" />
      </p>
    );
  return (
    <>
      <p>A fleet of 12 that charges, in a system of its own beside this one, until this one ends:</p>
      {demo ? (
        // The link signs in once.
        <Button component="a" href={demo.url} target="_blank" rel="noreferrer" variant="filled" onClick={reset}>
          Open the demo
        </Button>
      ) : (
        <ActionButton needs="admin" loading={isPending} onClick={() => mutate()}>
          {isPending ? 'It starts: some seconds' : 'Start the demo fleet'}
        </ActionButton>
      )}
      {error && <ProblemAlert error={error} what="The demo did not start" />}
    </>
  );
}
