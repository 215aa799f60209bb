import { Button, Checkbox, Modal, Select, TagsInput, TextInput } from '@mantine/core';
import type { IdToken } from '@ocpp-csms/api-client';
import { type ReactNode, useState } from 'react';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { type TokenChoice, useSaveToken } from '../../data/tokens.ts';
import { localDateTime } from '../../format/time.ts';
import { tokenStatuses } from './token-statuses.ts';
import classes from './tokens-page.module.css';

interface TokenFormProps {
  how: 'add' | 'accept' | 'change';
  /** Of what there is already: with `accept` its text alone. */
  token: Partial<IdToken> | undefined;
  onClose: () => void;
  /** At the foot, such as a way to delete it. */
  more?: ReactNode;
}

const titles = { add: 'Add a token', accept: 'Accept', change: 'Change' } as const;

/** Everything about a token that people decide. */
export function TokenForm({ how, token, onClose, more }: TokenFormProps) {
  const [idToken, setIdToken] = useState(token?.idToken ?? '');
  const [choice, setChoice] = useState<TokenChoice>(() => choiceOf(token));
  const { mutate, isPending, error } = useSaveToken();
  const change = (part: Partial<TokenChoice>) => setChoice({ ...choice, ...part });
  const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());
  return (
    <Modal
      opened
      onClose={onClose}
      title={how === 'add' ? titles.add : `${titles[how]} ${token?.idToken ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ how, idToken: idToken.trim(), choice }, { onSuccess: onClose });
        }}
      >
        {how === 'add' && (
          <TextInput
            label="Id token"
            description="As the charge point sends it. Upper and lower case are the same. 1.6 takes 20 characters."
            value={idToken}
            onChange={(event) => setIdToken(event.currentTarget.value)}
            maxLength={255}
            required
            data-autofocus
          />
        )}
        <Select
          label="Answered with"
          data={[...tokenStatuses]}
          value={choice.status}
          onChange={(status) => change({ status: (status ?? 'Accepted') as TokenChoice['status'] })}
          allowDeselect={false}
        />
        <TextInput
          label="Whose it is"
          value={choice.note ?? ''}
          onChange={(event) => change({ note: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        />
        <TextInput
          label="Group"
          description="Members of a group may end each other’s charges."
          value={choice.parentIdToken ?? ''}
          onChange={(event) => change({ parentIdToken: textOrNull(event.currentTarget.value) })}
        />
        <TagsInput
          label="Where"
          description="Identities of charge points. None: everywhere."
          value={choice.chargePoints}
          onChange={(chargePoints) => change({ chargePoints })}
          clearable
        />
        <TextInput
          label="Until"
          description="Where you are now. Empty: without an end."
          type="datetime-local"
          value={choice.expiresAt === null ? '' : localDateTime(choice.expiresAt)}
          onChange={(event) => {
            const at = new Date(event.currentTarget.value);
            change({ expiresAt: Number.isNaN(at.getTime()) ? null : at.toISOString() });
          }}
        />
        <TextInput
          label="Type (OCPP 2.x)"
          description="Such as ISO14443, eMAID, Central. Empty: any."
          value={choice.type ?? ''}
          onChange={(event) => change({ type: textOrNull(event.currentTarget.value) })}
        />
        <Checkbox
          label="May charge at several places at once"
          checked={choice.allowConcurrent}
          onChange={(event) => change({ allowConcurrent: event.currentTarget.checked })}
        />
        {error && <ProblemAlert error={error} what="It was not saved" />}
        <div className={classes.foot}>
          {more}
          <div>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {how === 'accept' ? 'Accept' : 'Save'}
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  );
}

function choiceOf(token: Partial<IdToken> = {}): TokenChoice {
  return {
    status: token.status ?? 'Accepted',
    chargePoints: token.chargePoints ?? [],
    allowConcurrent: token.allowConcurrent ?? false,
    type: token.type ?? null,
    expiresAt: token.expiresAt ?? null,
    parentIdToken: token.parentIdToken ?? null,
    note: token.note ?? null,
  };
}
