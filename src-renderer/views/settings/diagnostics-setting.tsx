import { Button, Checkbox, Group, Modal, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { Setting } from './setting.tsx';

/** Shows what a diagnostics file will hold before it is written. */
export function DiagnosticsSetting() {
  const [opened, setOpened] = useState(false);
  return (
    <Setting title={say.diagnostics.title} hint={say.diagnostics.hint}>
      {() => (
        <>
          <Button variant="default" onClick={() => setOpened(true)} style={{ flex: 'none' }}>
            {say.diagnostics.look}
          </Button>
          <Modal opened={opened} onClose={() => setOpened(false)} title={say.diagnostics.title} size={760}>
            {opened && <Content />}
          </Modal>
        </>
      )}
    </Setting>
  );
}

function Content() {
  const [names, setNames] = useState(false);
  const [text, setText] = useState('');
  const [saved, setSaved] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const preview = useRequest('diagnostics/preview');
  const save = useRequest('diagnostics/save');
  const copy = useRequest('app/copy');
  const { send } = preview;
  useEffect(() => {
    let over = false;
    void send({ names }).then((answer) => answer !== undefined && !over && setText(answer.value.text));
    return () => {
      over = true;
    };
  }, [names, send]);
  const onSave = async (): Promise<void> => {
    const answer = await save.send({ names });
    if (answer !== undefined && answer.value !== null) setSaved(answer.value);
  };
  const onCopy = async (): Promise<void> => {
    setCopied((await copy.send({ text: text.slice(0, 200_000) })) !== undefined);
  };
  return (
    <DialogBody
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          <Button variant="default" onClick={() => void onCopy()} disabled={text === ''}>
            {say.diagnostics.copy}
          </Button>
          <Button onClick={() => void onSave()} loading={save.busy} disabled={text === ''}>
            {say.diagnostics.save}
          </Button>
        </Group>
      }
    >
      <Checkbox label={say.diagnostics.names} description={say.diagnostics.namesHint} checked={names} onChange={(event) => setNames(event.currentTarget.checked)} />
      <Textarea
        label={say.diagnostics.content}
        value={text}
        readOnly
        autosize
        minRows={14}
        maxRows={18}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      />
      <ErrorNote error={preview.error ?? save.error ?? copy.error} />
      <Text size="sm" c="dimmed" aria-live="polite">
        {saved !== null ? say.diagnostics.saved(saved) : copied ? say.diagnostics.copied : ''}
      </Text>
    </DialogBody>
  );
}
