// Encrypts a file and reads it again.
//   ENCRYPTION_KEY=$(openssl rand -hex 32) node encrypt-file.js secret.txt
import { FileEncryptor } from 'file-sync';

const [file = 'secret.txt'] = process.argv.slice(2);
const encryptor = new FileEncryptor({ key: process.env['ENCRYPTION_KEY'] ?? '' });
const sealed = await encryptor.encryptFile(file);
const again = await encryptor.decryptFile(sealed, { to: `${file}.again` });
process.stdout.write(`${sealed} and ${again}\n`);
