import { SyncError } from '../../core/errors.ts';

/** The object that was to be read, moved or replaced is another one by now, or is not there any more. */
export class Gone extends SyncError {
  constructor(path: string) {
    super('busy', 'the object was replaced or removed meanwhile', { path });
  }
}
