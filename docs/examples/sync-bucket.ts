// Keeps a folder in sync with a bucket until Ctrl-C, asks about files in two versions, and takes this side's.
//   node sync-bucket.js ~/Documents my-bucket eu-central-1 [https://endpoint]
// Credentials are found as other AWS tools find them: environment, ~/.aws, roles.
import { S3Backend, SyncManager } from 'file-sync';

const [sourceDir = '.', bucket = 'my-bucket', region = 'eu-central-1', endpoint] = process.argv.slice(2);
const backend = new S3Backend({ bucket, region, prefix: 'documents', ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }) });
const manager = new SyncManager({ sourceDir, backend, conflictResolution: 'manual', ignorePatterns: ['node_modules/', '*.log'] });

manager.on('conflict', (conflict) => {
  process.stdout.write(`two versions of ${conflict.path}: keeping this one\n`);
  conflict.resolve('local').catch((error: Error) => process.stderr.write(`${error.message}\n`));
});
manager.on('status', ({ state, summary }) => process.stdout.write(`${state}: ${summary}\n`));

process.once('SIGINT', () => void manager.stop());
await manager.start();
