// Syncs a folder with a backup folder, once, and tells what it did.
//   node sync-folders.js ~/Documents /mnt/nas/documents
import { LocalBackend, SyncError, SyncManager } from 'file-sync';

const [sourceDir = '.', folder = '../backup'] = process.argv.slice(2);
const manager = new SyncManager({ sourceDir, backend: new LocalBackend({ folder }), conflictResolution: 'keep_both' });
manager.on('action', ({ action, outcome }) => {
  if (outcome === 'done') process.stdout.write(`${action.kind} ${action.path}\n`);
});
try {
  const { done, failures } = await manager.syncAll();
  process.stdout.write(`${done} done, ${failures.length} failed\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof SyncError)) throw error;
  // `code` decides; `message` and `hint` are for people.
  process.stderr.write(`${error.code}: ${error.message}. ${error.hint ?? ''}\n`);
  process.exitCode = 2;
} finally {
  await manager.stop();
}
