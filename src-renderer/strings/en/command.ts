/** The same on the command line. */
export const command = {
  title: 'As a command',
  hint: 'This does for the folder what the app does, while the app is not running. Two never sync one folder at once.',
  short: (command: string) => `With everything that is set here once it is saved, rules for conflicts included: ${command}`,
  keys: 'The access key comes from the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY); it is never part of a command.',
  secret: 'What opens the encrypted files comes from the keychain.',
  copy: 'Copy',
  copied: 'Copied',
  label: 'The command',
} as const;
