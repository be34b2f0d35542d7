import { Button, Group, Text } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import type { PairChoice } from '../../../src-preload/contract/channels.ts';
import type { RecoverySheet } from '../../../src-preload/contract/vault.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';

export interface SheetStepProps {
  readonly at: { readonly step: number; readonly of: number };
  readonly sheet: RecoverySheet;
  readonly choice: PairChoice;
  readonly name: string;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** The words that open the vault when all else is lost: to be written down, or saved as a page to print. */
export function SheetStep({ at, sheet, choice, name, onBack, onNext }: SheetStepProps) {
  const [file, setFile] = useState<string | null>(null);
  const save = useRequest('vault/sheet');
  const onSave = async (): Promise<void> => {
    const answer = await save.send({ ...choice, token: sheet.token, name });
    if (answer?.value != null) setFile(answer.value);
  };
  return (
    <Step at={at} title={say.protection.sheetTitle} onBack={onBack} next={{ label: say.protection.written, enabled: true, busy: false, onNext }}>
      <Text size="sm">{say.protection.sheetText}</Text>
      <ol className="words" aria-label={say.protection.words}>
        {sheet.words.map((word, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and a key must not tell it
          <li key={i}>{word}</li>
        ))}
      </ol>
      <Group gap="sm" wrap="nowrap">
        <Button variant="light" leftSection={<IconPrinter size={17} />} loading={save.busy} onClick={() => void onSave()} style={{ flex: 'none' }}>
          {say.protection.save}
        </Button>
        <Text size="sm" c="dimmed" role="status" style={{ overflowWrap: 'anywhere' }}>
          {file === null ? '' : say.protection.saved(file)}
        </Text>
      </Group>
      <ErrorNote error={save.error} />
    </Step>
  );
}
