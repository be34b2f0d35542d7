import { Stack, Text, UnstyledButton } from '@mantine/core';
import { IconBucket, IconChevronRight, IconFolders } from '@tabler/icons-react';
import { useId } from 'react';
import { say } from '../../strings/say.ts';
import { Step } from '../../ui/step.tsx';

const KINDS = [
  { kind: 'folder', Icon: IconFolders },
  { kind: 's3', Icon: IconBucket },
] as const;
export type Kind = (typeof KINDS)[number]['kind'];

export function KindStep({ onChoose }: { readonly onChoose: (kind: Kind) => void }) {
  return (
    <Step title={say.add.kindTitle}>
      <KindButtons onChoose={onChoose} />
    </Step>
  );
}

/** Where a backup can be, to choose from. */
export function KindButtons({ onChoose }: { readonly onChoose: (kind: Kind) => void }) {
  return (
    <Stack gap="sm">
      {KINDS.map(({ kind, Icon }) => (
        <KindButton key={kind} Icon={Icon} {...say.add.kinds[kind]} onClick={() => onChoose(kind)} />
      ))}
    </Stack>
  );
}

interface KindButtonProps {
  readonly Icon: typeof IconBucket;
  readonly title: string;
  readonly text: string;
  readonly onClick: () => void;
}

function KindButton({ Icon, title, text, onClick }: KindButtonProps) {
  const [label, hint] = [useId(), useId()];
  return (
    <UnstyledButton className="kind" onClick={onClick} aria-labelledby={label} aria-describedby={hint}>
      <span className="kind-icon">
        <Icon size={24} stroke={1.6} aria-hidden="true" />
      </span>
      <span style={{ flex: 1 }}>
        <Text component="span" display="block" fw={600} id={label}>
          {title}
        </Text>
        <Text component="span" display="block" size="sm" c="dimmed" id={hint}>
          {text}
        </Text>
      </span>
      <IconChevronRight size={18} stroke={1.7} aria-hidden="true" />
    </UnstyledButton>
  );
}
