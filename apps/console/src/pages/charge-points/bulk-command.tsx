import { Button, Group, Modal } from '@mantine/core';
import type { ChargePoint } from '@ocpp-csms/api-client';
import { answerWords } from '../../commands/answer-words.ts';
import { commandsFor } from '../../commands/commands-for.ts';
import type { QuickAction } from '../../commands/quick-actions.ts';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { type ManyResults, useSendToMany } from '../../data/commands.ts';
import { CheckIcon, WarningIcon } from '../../icons/icons.tsx';
import classes from './bulk-command.module.css';

interface BulkCommandProps {
  action: QuickAction;
  chosen: readonly ChargePoint[];
  onClose: () => void;
}

/** More names than this are a number. */
const namesShown = 8;

/** One command for many: first to whom and what follows, then what each of them answered. */
export function BulkCommand({ action, chosen, onClose }: BulkCommandProps) {
  const { mutate, data: results, isPending, error } = useSendToMany();
  const target = chosen.length === 1 ? (chosen[0]?.name ?? '') : `${chosen.length} charge points`;
  const offline = chosen.filter(({ connection }) => !connection.connected).length;
  if (results)
    return <Results title={`${action.label}: ${target}`} results={results} chosen={chosen} onClose={onClose} />;
  return (
    <ConfirmAction
      opened
      onClose={onClose}
      title={action.question(target)}
      consequence={action.consequence ?? 'It changes nothing else.'}
      verb={action.label}
      onConfirm={() => mutate(commandsFor(action, chosen))}
      isPending={isPending}
      error={error}
    >
      <p className="dim">
        {chosen
          .slice(0, namesShown)
          .map(({ name }) => name)
          .join(', ')}
        {chosen.length > namesShown && ` and ${chosen.length - namesShown} more`}
      </p>
      {offline > 0 && (
        <p>
          {offline} of them {offline === 1 ? 'is' : 'are'} offline, and will not be told.
        </p>
      )}
    </ConfirmAction>
  );
}

interface ResultsProps {
  title: string;
  results: ManyResults;
  chosen: readonly ChargePoint[];
  onClose: () => void;
}

/** What went wrong comes first. */
function Results({ title, results, chosen, onClose }: ResultsProps) {
  const names = new Map(chosen.map(({ networkId, name }) => [networkId, name]));
  const answers = results
    .map((result) => ({ ...result, words: answerWords(result) }))
    .toSorted((a, b) => Number(a.words.isGood) - Number(b.words.isGood));
  const good = answers.filter(({ words }) => words.isGood).length;
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={classes.sum}>
        {good} of {answers.length} accepted it.
      </p>
      <ul className={classes.results}>
        {answers.map(({ chargePoint, words }) => (
          <li key={chargePoint} data-good={words.isGood}>
            {words.isGood ? <CheckIcon width="14" height="14" /> : <WarningIcon width="14" height="14" />}
            <ChargePointLink networkId={chargePoint} name={names.get(chargePoint)} />
            <span className={classes.word}>
              {words.word}
              {words.detail !== undefined && <span className="dim"> {words.detail}</span>}
            </span>
          </li>
        ))}
      </ul>
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Modal>
  );
}
