import { Stack } from '@mantine/core';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { TUNING_GROUPS, type TuningGroup } from '../../../src-preload/contract/tuning.ts';
import { say } from '../../strings/say.ts';
import { Fold } from '../../ui/fold.tsx';
import { TuningFields } from './tuning-fields.tsx';
import { isOwn, type TuningForm } from './tuning-form.ts';
import { groupWords } from './tuning-words.ts';

/** One folder's way of being synced: each group behind a line that says what counts, and whether it is its own. */
export function TuningFolds({ pair: { storage, protection }, form }: { readonly pair: PairView; readonly form: TuningForm }) {
  const without: Partial<Record<TuningGroup, boolean>> = { compression: protection?.compressed !== true, prices: storage.kind !== 's3' };
  const groups = (Object.keys(TUNING_GROUPS) as TuningGroup[]).filter((group) => without[group] !== true);
  return (
    <Stack gap="sm">
      {groups.map((group) => {
        const words = groupWords(group, form.now);
        const own = TUNING_GROUPS[group].some((key) => isOwn(form, key));
        return (
          <Fold key={group} title={say.tuning.groups[group]} note={own ? say.tuning.own(words) : say.tuning.inherited(words)}>
            <Stack gap="lg" className="within">
              <TuningFields group={group} form={form} bucket={storage.kind === 's3'} />
            </Stack>
          </Fold>
        );
      })}
    </Stack>
  );
}
