export const diagnostics = {
  title: 'Diagnostics',
  hint: 'For whoever helps you: versions, what this computer can do, numbers about your folders, and the end of the logs. No file contents, no keys, no passphrases.',
  look: 'See what is in it…',
  names: 'With names of files, folders and buckets',
  namesHint: 'They help to find what is wrong. Without them only numbers and our own words are left.',
  content: 'What the file will hold',
  copy: 'Copy',
  copied: 'Copied',
  save: 'Save as a file…',
  saved: (file: string) => `Written to ${file}, for you alone.`,
} as const;
