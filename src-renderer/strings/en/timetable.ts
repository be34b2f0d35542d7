/** Bandwidth by time of day. */
export const timetable = {
  title: 'At certain times',
  none: 'For example slower in working hours.',
  hint: 'Where two of these overlap, the stricter one counts. The limits above hold at all times.',
  add: 'Add a time',
  row: (n: number) => `Time ${n}`,
  remove: (n: number) => `Remove time ${n}`,
  nextDay: 'Ends on the next day.',
  faults: {
    days: 'Choose at least one day. Until then nothing of this is saved.',
    times: 'Say when it begins and ends. Until then nothing of this is saved.',
    limit: 'Say a limit for one direction at least. Until then nothing of this is saved.',
  },
  now: (limits: string) => `Now: ${limits}.`,
  next: (when: string, limits: string) => `From ${when}: ${limits}.`,
  inherited: 'Bandwidth, shared by all folders',
  words: {
    none: 'no limit',
    each: (rate: string) => `at most ${rate} each way`,
    up: (rate: string) => `upload at most ${rate}`,
    upFree: 'upload without limit',
    down: (rate: string) => `download at most ${rate}`,
    downFree: 'download without limit',
  },
} as const;
