import { IconBucket } from '@tabler/icons-react';
import { useState } from 'react';
import type { S3Place, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import { storageWords } from '../../strings/storage-words.ts';
import { Note } from '../../ui/note.tsx';
import { Step } from '../../ui/step.tsx';
import { FolderField } from '../folders/folder-field.tsx';
import { PairFields } from '../folders/pair-fields.tsx';
import { useNewPair } from '../folders/use-new-pair.ts';
import { ProtectionFlow } from '../protection/protection-flow.tsx';

export interface SourceStepProps {
  readonly place: S3Place;
  readonly report: TestAnswer;
  readonly onBack: () => void;
  readonly onAdded: () => void;
}

/** The folder on this computer that goes with the bucket, and then how its files lie there. */
export function SourceStep({ place, report, onBack, onAdded }: SourceStepProps) {
  const target = { kind: 's3', ...place } as const;
  const pair = useNewPair(target, onAdded);
  const [chosen, setChosen] = useState(false);
  if (chosen) return <ProtectionFlow target={target} pair={pair} before={3} onBack={() => setChosen(false)} />;
  return (
    <Step at={{ step: 3, of: 4 }} title={say.add.sourceTitle} onBack={onBack} next={{ label: say.add.next, enabled: pair.checked, busy: false, onNext: () => setChosen(true) }}>
      <Note Icon={IconBucket} tone="quiet">
        {storageWords({ kind: 's3', ...place, signIn: { kind: 'session' } })}
      </Note>
      <FolderField purpose="source" label={say.add.source} hint={say.add.sourceHint} chosen={pair.source} onChoose={pair.onSource} />
      <PairFields pair={pair} fit={say.add.sourceChecked} notFit={say.add.unfit.one} first={say.add.first[report.holds]} />
    </Step>
  );
}
