import type { HoldReason } from '../../../src-preload/contract/desktop.ts';

/** What the machine and the app itself have to say. */
export const system = {
  holds: {
    sleep: 'Paused while the computer sleeps',
    battery: 'Paused while on battery',
    metered: 'Paused on a metered connection',
    quiet: 'Quiet hours',
    disk: 'Stopped: this disk is almost full',
  } satisfies Record<HoldReason, string>,
  quietUntil: (time: string) => `Quiet hours until ${time}`,
  quietPassed: (time: string) => `Quiet hours are passed over until ${time}`,
  quietText: 'What changes meanwhile is synced when they end.',
  anywayUntil: (time: string) => `Sync anyway until ${time}`,
  diskCard: {
    title: (name: string) => `${name} waits for room on this disk`,
    text: 'Less is free on this computer than is to stay free, so nothing is synced: a full disk hurts every program. Make room, and it goes on by itself.',
  },
  faultCard: {
    title: 'Something went wrong inside File Sync',
    text: (what: string) => `Your folders go on being synced. What happened is in the log: ${what}`,
  },
  startFault: {
    title: 'File Sync could not start',
    text: (what: string) => `${what}\nUntil it does, nothing is synced. Start it again once this is mended.`,
  },
  pageFault: {
    title: 'This page ran into a mistake',
    text: 'Syncing is not touched by it. Load the page again; what happened is in the log.',
    again: 'Load again',
  },
  openFile: 'Open',
  power: 'Power, network and disk',
  freeSpace: 'Stop when less than this is free',
  freeSpaceHint: 'A full disk hurts every program. Syncing goes on by itself once twice as much is free.',
  pauseOnBattery: 'Pause while on battery',
  pauseOnMetered: 'Pause on metered connections',
  pauseOnMeteredHint: 'Folders with a bucket wait while the connection is paid for by the byte.',
  unknown: { battery: 'This system does not say whether it runs on its battery.', metered: 'This system does not say whether a connection is metered.' },
  now: { battery: 'It runs on battery now.', metered: 'The connection is metered now.' },
  offline: 'This computer is not connected to a network. Syncing goes on as soon as it is.',
} as const;
