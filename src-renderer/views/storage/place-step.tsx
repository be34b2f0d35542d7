import { TextInput } from '@mantine/core';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import { asPrefix } from '../../../src-preload/contract/providers.ts';
import type { S3Access, S3Place, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Step } from '../../ui/step.tsx';
import { BucketField } from './bucket-field.tsx';
import { CleanUpOffer } from './clean-up-offer.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { isUsable, StoreReport } from './store-report.tsx';
import { TestLine } from './test-line.tsx';
import { useStoreTest } from './use-store-test.ts';

export interface PlaceForm {
  readonly bucket: string;
  readonly prefix: string;
}
export interface PlaceStepProps {
  readonly access: S3Access;
  readonly form: PlaceForm;
  readonly onForm: (form: PlaceForm) => void;
  readonly onRefused: (error: ErrorView) => void;
  readonly onBack: () => void;
  readonly onNext: (place: S3Place, report: TestAnswer) => void;
}

/** Which bucket and folder, and whether it can be used: nothing goes on before it was tried. */
export function PlaceStep({ access, form, onForm, onRefused, onBack, onNext }: PlaceStepProps) {
  const test = useStoreTest();
  const { tested } = test;
  const place: S3Place = { ...access, bucket: form.bucket.trim(), prefix: asPrefix(form.prefix.trim()) };
  const change = (patch: Partial<PlaceForm>): void => {
    test.drop();
    onForm({ ...form, ...patch });
  };
  const isReady = tested !== null && isUsable(tested.report);
  return (
    <Step
      at={{ step: 2, of: 4 }}
      title={say.storage.placeTitle}
      onBack={onBack}
      next={{ label: say.add.next, enabled: isReady, busy: false, onNext: () => tested !== null && onNext(tested.place, tested.report) }}
    >
      <BucketField access={access} bucket={form.bucket} onBucket={(bucket) => change({ bucket })} onRefused={onRefused} />
      <TextInput
        label={say.storage.prefix}
        description={say.storage.prefixHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={form.prefix}
        maxLength={500}
        spellCheck={false}
        onChange={(event) => change({ prefix: event.currentTarget.value })}
      />
      <PolicyPanel place={place} />
      <TestLine test={test} place={place} isReady={isReady} />
      <div aria-live="polite">{tested !== null && <StoreReport report={tested.report} />}</div>
      {isReady && tested.report.cleansUp === false && <CleanUpOffer place={tested.place} />}
      <ErrorNote error={test.error} />
    </Step>
  );
}
