import { Text } from '@mantine/core';
import { DIRECTIONS, KEEP_IN, PRICE_DECIMALS, SETTING_LIMITS, TUNING_GROUPS, type TuningGroup } from '../../../src-preload/contract/tuning.ts';
import { say } from '../../strings/say.ts';
import { SwitchRow, WordRow } from './choice-rows.tsx';
import { NumberRow } from './number-row.tsx';
import { SampleRow } from './sample-row.tsx';
import type { Scale, TuningForm } from './tuning-form.ts';
import { keepsNothing } from './tuning-words.ts';
import { Warnings } from './warnings.tsx';

export interface TuningFieldsProps {
  readonly form: TuningForm;
  /** Whether what only buckets have is asked. */
  readonly bucket: boolean;
}

/** The settings of one group, with what comes of them. */
export function TuningFields({ group, ...props }: TuningFieldsProps & { readonly group: TuningGroup }) {
  switch (group) {
    case 'transfers':
      return <TransferFields {...props} />;
    case 'history':
      return <HistoryFields {...props} />;
    case 'checks':
      return <CheckFields {...props} />;
    case 'compression':
      return (
        <NumberRow form={props.form} field="compressionLevel" title={say.tuning.compressionLevel} hint={say.tuning.compressionLevelHint} limits={SETTING_LIMITS.compressionLevel} />
      );
    case 'deletions':
      return <DeletionFields {...props} />;
    case 'guard':
      return <GuardFields {...props} />;
    case 'prices':
      return <PriceFields {...props} />;
  }
}

const SECONDS: Scale = { unit: 1_000, decimals: 2 };
/** Decimal, as sizes are shown everywhere. */
const GIGABYTES: Scale = { unit: 1_000_000_000, decimals: 3 };
const SIZES = { min: 1_000_000, max: 1_000_000_000_000_000 };

function TransferFields({ form }: TuningFieldsProps) {
  const { tuning } = say;
  return (
    <>
      <WordRow form={form} field="direction" title={tuning.direction} choices={DIRECTIONS} words={tuning.directions} hints={tuning.directionHints} />
      <NumberRow form={form} field="maxConcurrent" title={tuning.maxConcurrent} hint={tuning.maxConcurrentHint} limits={SETTING_LIMITS.maxConcurrent} />
      <NumberRow form={form} field="debounceMs" title={tuning.debounce} hint={tuning.debounceHint} limits={SETTING_LIMITS.debounceMs} scale={SECONDS} unit={tuning.units.seconds} />
    </>
  );
}

function HistoryFields({ form, bucket }: TuningFieldsProps) {
  const { tuning } = say;
  const { units } = tuning;
  return (
    <>
      <NumberRow form={form} field="versionsKeep" title={tuning.versionsKeep} hint={tuning.versionsKeepHint} limits={SETTING_LIMITS.versionsKeep} unit={units.versions} />
      <NumberRow form={form} field="versionsDays" title={tuning.versionsDays} hint={tuning.versionsDaysHint} limits={SETTING_LIMITS.versionsDays} unit={units.days} />
      <Warnings texts={keepsNothing(form.now) ? [bucket ? tuning.nothingKeptBucket : tuning.nothingKept] : []} />
      <SwitchRow form={form} field="versionsThin" title={tuning.versionsThin} hint={tuning.versionsThinHint} />
      <NumberRow
        form={form}
        field="versionsMaxBytes"
        title={tuning.versionsMaxBytes}
        hint={tuning.versionsMaxBytesHint}
        limits={SIZES}
        scale={GIGABYTES}
        unit={units.gigabytes}
        none={tuning.noLimit}
      />
      {bucket && (
        <>
          <WordRow form={form} field="versionsKeepIn" title={tuning.keepIn} choices={KEEP_IN} words={tuning.keepIns} hints={tuning.keepInHints} />
          <SwitchRow form={form} field="versionsPruneBucket" title={tuning.pruneBucket} hint={tuning.pruneBucketHint} />
        </>
      )}
      <NumberRow form={form} field="trashDays" title={tuning.trashDays} hint={tuning.trashDaysHint} limits={SETTING_LIMITS.trashDays} unit={units.days} />
    </>
  );
}

function DeletionFields({ form }: TuningFieldsProps) {
  const { tuning } = say;
  const { units } = tuning;
  return (
    <>
      <NumberRow form={form} field="holdDeletions" title={tuning.holdDeletions} hint={tuning.holdDeletionsHint} limits={SETTING_LIMITS.holdDeletions} unit={units.files} />
      <NumberRow
        form={form}
        field="holdDeletionsPercent"
        title={tuning.holdDeletionsPercent}
        hint={tuning.holdDeletionsPercentHint}
        limits={SETTING_LIMITS.holdDeletionsPercent}
        unit={units.percent}
      />
    </>
  );
}

function GuardFields({ form }: TuningFieldsProps) {
  const { tuning } = say;
  return (
    <>
      <NumberRow form={form} field="holdRewrites" title={tuning.holdRewrites} hint={tuning.holdRewritesHint} limits={SETTING_LIMITS.holdRewrites} unit={tuning.units.files} />
      <Warnings texts={form.now.holdRewrites === 0 ? [tuning.neverHeld] : []} />
    </>
  );
}

const DOLLARS: Scale = { unit: 1, decimals: PRICE_DECIMALS };

function PriceFields({ form }: TuningFieldsProps) {
  const { prices } = say.tuning;
  return (
    <>
      <Text size="sm" c="dimmed">
        {prices.hint}
      </Text>
      {TUNING_GROUPS.prices.map((field) => (
        <NumberRow
          key={field}
          form={form}
          field={field}
          title={prices.titles[field]}
          hint={prices.hints[field]}
          limits={SETTING_LIMITS.price}
          scale={DOLLARS}
          unit={prices.unit}
          none={prices.none}
        />
      ))}
    </>
  );
}

function CheckFields({ form }: TuningFieldsProps) {
  const { tuning } = say;
  return (
    <>
      <SampleRow form={form} />
      <NumberRow
        form={form}
        field="verifyEveryDays"
        title={tuning.verifyEveryDays}
        hint={tuning.verifyEveryDaysHint}
        limits={SETTING_LIMITS.verifyEveryDays}
        unit={tuning.units.days}
      />
      <Warnings texts={form.now.verifyEveryDays === 0 ? [tuning.neverChecked] : []} />
    </>
  );
}
