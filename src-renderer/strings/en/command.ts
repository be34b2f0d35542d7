/** The same on the command line. */
export const command = {
  title: 'As a command',
  hint: 'This does for the folder what the app does, by all that is set here once it is saved, while the app is not running. Two never sync one folder at once.',
  secrets: 'Keys, and what opens encrypted files, come from the keychain; they are never part of a command.',
  session: 'What is kept for this session only is known to the app alone; a command finds what is kept in the keychain.',
  settings: (command: string) => `What a settings file can say of it, by name: ${command}`,
  copy: 'Copy',
  copied: 'Copied',
  label: 'The command',
} as const;
