import { SyncError } from '../../core/errors.ts';
import { type IniSection, parseIniFile } from '../../settings/ini-file.ts';
import type { VariableName } from '../../settings/variables.ts';
import { faultOf } from './config-list.ts';
import type { Imported, ImportNote } from './imported.ts';

/** A profile of ~/.aws: it is named and not copied, so that a sign-in that is renewed there is renewed here too. */
export function importAws(config: string, credentials: string, profile: string): Imported {
  const [inConfig, inCredentials] = [parseIniFile(config), parseIniFile(credentials)];
  const own = inConfig.sections.findLast(
    ({ name }) => name === (profile === 'default' ? 'default' : `profile ${profile}`) || name.replace(/^profile\s+["']?(.+?)["']?$/, '$1') === profile,
  );
  const names = [
    ...new Set([
      ...inCredentials.sections.map(({ name }) => name),
      ...inConfig.sections.flatMap(({ name }) => (name === 'default' ? [name] : (/^profile\s+["']?(.+?)["']?$/.exec(name)?.[1] ?? []))),
    ]),
  ];
  if (!names.includes(profile))
    throw new SyncError('usage', `there is no profile ${profile} in ~/.aws`, {
      hint: names.length === 0 ? 'Make one: aws configure --profile NAME.' : `There are: ${names.join(', ')}.`,
    });
  const values = new Map<VariableName, string>([
    ['BACKEND_TYPE', 's3'],
    ['AWS_PROFILE', profile],
  ]);
  const faults: ImportNote[] = [...inConfig.faults.map(({ line, what }) => ({ line, text: what }))];
  const take = (name: VariableName, from: readonly string[], as: (text: string) => string = (text) => text): void => {
    const found = from.map((key) => own?.values.get(key)).find((value) => value !== undefined && value.value !== '');
    if (found === undefined) return;
    const value = as(found.value);
    const fault = faultOf(name, value);
    if (fault === null) values.set(name, value);
    else faults.push({ line: found.line, text: `${name} ${fault}` });
  };
  take('AWS_REGION', ['region']);
  take('S3_ENDPOINT', ['s3.endpoint_url', 'endpoint_url']);
  take('S3_CA_FILE', ['ca_bundle']);
  if (own?.values.get('s3.addressing_style')?.value === 'path') values.set('S3_FORCE_PATH_STYLE', 'true');
  return { values, keys: null, notes: notesOf(own), faults };
}

function notesOf(own: IniSection | undefined): readonly ImportNote[] {
  const services = own?.values.get('services');
  return services === undefined ? [] : [{ line: services.line, text: 'the section [services] it names is not read: if it has an endpoint for S3, set S3_ENDPOINT' }];
}
