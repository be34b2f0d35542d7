import { useState } from 'react';
import type { ChosenFolder } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { Step } from '../../ui/step.tsx';
import { ProtectionFlow } from '../protection/protection-flow.tsx';
import { FolderField } from './folder-field.tsx';
import { PairFields } from './pair-fields.tsx';
import { useNewPair } from './use-new-pair.ts';

/** A pair of two folders. */
export function FoldersStep({ onBack, onAdded }: { readonly onBack: () => void; readonly onAdded: () => void }) {
  const [target, setTarget] = useState<ChosenFolder | null>(null);
  const choice = target === null ? null : ({ kind: 'folder', folder: target.token } as const);
  const pair = useNewPair(choice, onAdded);
  const [chosen, setChosen] = useState(false);
  if (chosen && choice !== null) return <ProtectionFlow target={choice} pair={pair} before={1} onBack={() => setChosen(false)} />;
  return (
    <Step at={{ step: 1, of: 2 }} title={en.add.foldersTitle} onBack={onBack} next={{ label: en.add.next, enabled: pair.checked, busy: false, onNext: () => setChosen(true) }}>
      <FolderField purpose="source" label={en.add.source} hint={en.add.sourceHint} chosen={pair.source} onChoose={pair.onSource} />
      <FolderField purpose="target" label={en.add.target} hint={en.add.targetHint} chosen={target} onChoose={setTarget} />
      <PairFields pair={pair} fit={en.add.checked} notFit={en.add.unfit.both} first={en.add.union} />
    </Step>
  );
}
