import { Button, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { say } from '../strings/say.ts';
import { DialogBody } from './dialog-body.tsx';

export interface StepProps {
  /** Where in the row of steps this one is; left out where there is no row yet. */
  readonly at?: { readonly step: number; readonly of: number };
  readonly title: string;
  readonly children: ReactNode;
  readonly onBack?: () => void;
  /** Left out where choosing goes on by itself. */
  readonly next?: { readonly label: string; readonly enabled: boolean; readonly busy: boolean; readonly onNext: () => void };
}

/** One step of a dialog: what it asks, the way back and the way on. Its title is read out when it appears. */
export function Step({ at, title, children, onBack, next }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <DialogBody
      onSubmit={() => {
        if (next?.enabled === true && !next.busy) next.onNext();
      }}
      buttons={(onBack !== undefined || next !== undefined) && <StepButtons onBack={onBack} next={next} />}
    >
      {at !== undefined && (
        <Group gap="sm" wrap="nowrap">
          <span className="steps" aria-hidden="true">
            {Array.from({ length: at.of }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps are a fixed row
              <span key={i} className={i < at.step ? 'step-done' : undefined} />
            ))}
          </span>
          <Text size="xs" c="dimmed" className="numbers">
            {say.add.step(at.step, at.of)}
          </Text>
        </Group>
      )}
      <Title order={3} fz={16} fw={600} ref={heading} tabIndex={-1} data-autofocus className="step-title">
        {title}
      </Title>
      {children}
    </DialogBody>
  );
}

function StepButtons({ onBack, next }: { readonly onBack: StepProps['onBack'] | undefined; readonly next: StepProps['next'] | undefined }) {
  return (
    <Group justify="space-between" gap="sm" className="dialog-buttons">
      {onBack === undefined ? (
        <span />
      ) : (
        <Button variant="default" onClick={onBack}>
          {say.add.back}
        </Button>
      )}
      {next !== undefined && (
        <Button type="submit" disabled={!next.enabled} loading={next.busy}>
          {next.label}
        </Button>
      )}
    </Group>
  );
}
