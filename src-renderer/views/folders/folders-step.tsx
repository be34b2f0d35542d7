import { useState } from 'react';
import type { ChosenFolder } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
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
    <Step at={{ step: 1, of: 2 }} title={say.add.foldersTitle} onBack={onBack} next={{ label: say.add.next, enabled: pair.checked, busy: false, onNext: () => setChosen(true) }}>
      <FolderField purpose="source" label={say.add.source} hint={say.add.sourceHint} chosen={pair.source} onChoose={pair.onSource} />
      <FolderField purpose="target" label={say.add.target} hint={say.add.targetHint} chosen={target} onChoose={setTarget} />
      <PairFields pair={pair} fit={say.add.checked} notFit={say.add.unfit.both} first={say.add.union} />
    </Step>
  );
}
