import { Button, Stack, Text } from '@mantine/core';
import { type Icon, IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconShieldCheck, IconShieldHalf, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { FindingView, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { sentence } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { Note } from '../../ui/note.tsx';
import type { Tone } from '../../ui/state-mark.tsx';
import { useIntoView } from '../../ui/use-into-view.ts';

const MARKS = {
  good: { tone: 'good', Icon: IconCircleCheck },
  note: { tone: 'quiet', Icon: IconInfoCircle },
  warning: { tone: 'warn', Icon: IconAlertTriangle },
  bad: { tone: 'bad', Icon: IconX },
} as const satisfies Record<FindingView['verdict'], { readonly tone: Tone; readonly Icon: Icon }>;
const ORDER: readonly FindingView['verdict'][] = ['bad', 'warning', 'note', 'good'];

/** What the test of a store found: first what it means for the files, then what to do, then what is fine. */
export function StoreReport({ report }: { readonly report: TestAnswer }) {
  const [open, setOpen] = useState(false);
  const shown = useIntoView(report);
  const { protection, findings } = report;
  const good = findings.filter(({ verdict }) => verdict === 'good');
  const rest = findings.filter(({ verdict }) => verdict !== 'good').toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const isBad = !isUsable(report);
  return (
    <Stack gap={10} className="report" ref={shown}>
      <Note Icon={isBad ? IconX : IconCircleCheck} tone={isBad ? 'bad' : 'good'}>
        <Text span size="sm" fw={600}>
          {isBad ? say.storage.testedBad : say.storage.tested}
        </Text>
      </Note>
      {protection !== null && (
        <Note Icon={protection === 'best-effort' ? IconShieldHalf : IconShieldCheck} tone={protection === 'best-effort' ? 'warn' : 'good'}>
          {say.storage.protections[protection]}
        </Note>
      )}
      {[...rest, ...(open ? good : [])].map((finding) => (
        <Finding key={finding.check} finding={finding} />
      ))}
      {good.length > 0 && (
        <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} ml={18} aria-expanded={open} onClick={() => setOpen(!open)}>
          {`${say.storage.checksPassed(good.length)}. ${open ? say.storage.checksHide : say.storage.checksShow}`}
        </Button>
      )}
    </Stack>
  );
}

export function isUsable({ protection, findings }: TestAnswer): boolean {
  return protection !== null && findings.every(({ verdict }) => verdict !== 'bad');
}

function Finding({ finding: { check, verdict, text, fix } }: { readonly finding: FindingView }) {
  const { tone, Icon } = MARKS[verdict];
  return (
    <Note Icon={Icon} tone={tone}>
      <Text span size="sm" fw={550}>
        {sentence(check).replace(/\.$/, ': ')}
      </Text>
      {`${sentence(text)}${fix === null ? '' : ` ${sentence(fix)}`}`}
    </Note>
  );
}
