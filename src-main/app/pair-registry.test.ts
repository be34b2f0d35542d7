import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { PAIR, startService } from '../testing/service-kit.ts';

describe('the app’s folder pairs', () => {
  it('are checked, remembered and opened when added', async () => {
    const { service, calls, written } = startService({ pairs: [PAIR] });
    const added = await service.registry.add({ source: '/s', target: { kind: 'local', folder: '/t' } }, { name: 'Photos', conflictPolicy: 'manual', keep: 'keychain' });
    expect(calls.map(([name]) => name)).toEqual(['check', 'open']);
    expect(calls[0]?.[1]).toEqual({ source: '/s', target: { kind: 'local', folder: '/t' }, others: [{ source: PAIR.source, target: PAIR.backend }] });
    expect(written.at(-1)?.pairs.at(-1)).toMatchObject({ name: 'Photos', source: '/real/source', backend: { folder: '/real/target' }, conflictPolicy: 'manual' });
    expect(added).toEqual({ kind: 'added', pair: written.at(-1)?.pairs.at(-1)?.id });
  });

  it('C29 are not added when the check refuses', async () => {
    const { service, written, refuse } = startService();
    refuse(new SyncError('overlap', 'one lies inside the other'));
    await expect(
      service.registry.add({ source: '/s', target: { kind: 'local', folder: '/s/t' } }, { name: 'x', conflictPolicy: 'keep_both', keep: 'keychain' }),
    ).rejects.toMatchObject({
      code: 'overlap',
    });
    expect(written).toEqual([]);
  });

  it('are forgotten and closed when removed', async () => {
    const { service, calls, written } = startService({ pairs: [PAIR] });
    await service.registry.remove(PAIR.id);
    expect(written.at(-1)?.pairs).toEqual([]);
    expect(calls).toEqual([['close', { pair: PAIR.id }]]);
    expect(service.state.overall).toBe('not-set-up');
    await expect(service.registry.remove(PAIR.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});
