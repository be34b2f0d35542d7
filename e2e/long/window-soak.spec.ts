import { expect, type Page, test } from '@playwright/test';
import { type AppCounts, countParts, memoryOf, openAndClose, totalMib } from '../app/support/app-counts.ts';
import { addPair, end, type Launched, launch, newPlace } from '../app/support/launch.ts';
import { openView } from '../app/support/scene.ts';
import { startTrayHost } from '../app/support/tray-host.ts';

const WARM_UP = 20;
const TIMES = 200;
const VIEWS = ['Overview', 'Folders', 'Conflicts', 'History', 'Activity', 'Settings'];

interface Picture {
  readonly parts: AppCounts;
  readonly mainHeapMib: number;
  readonly pageHeapMib: number;
  readonly pageNodes: number;
  readonly pageListeners: number;
  readonly memoryMib: number;
}

test(`the window is opened and closed ${TIMES} times without growth`, async () => {
  const host = await startTrayHost();
  const place = newPlace();
  const launched = await launch(place);
  await addPair(launched, place.folder('Documents'), place.folder('Backup'));
  const tray = await host.item();
  const turn = (n: number): Promise<void> => openView(launched.page, VIEWS[n % VIEWS.length] ?? 'Overview');
  await openAndClose(launched, tray, WARM_UP, turn);
  const before = await picture(launched);
  await openAndClose(launched, tray, TIMES, turn);
  const after = await picture(launched);
  console.log(`before ${JSON.stringify(before)}\nafter  ${JSON.stringify(after)}`);
  await end(launched);
  host.stop();
  place.remove();
  expect(after.parts).toEqual(before.parts);
  expect(after.mainHeapMib).toBeLessThan(before.mainHeapMib + 8);
  expect(after.pageHeapMib).toBeLessThan(before.pageHeapMib + 8);
  expect(after.pageNodes).toBeLessThan(before.pageNodes * 1.2 + 500);
  expect(after.pageListeners).toBeLessThan(before.pageListeners * 1.2 + 50);
  expect(after.memoryMib).toBeLessThan(before.memoryMib + 60);
});

/** After everything that nobody holds is collected, on the same view. */
async function picture({ app, page }: Launched): Promise<Picture> {
  await openView(page, 'Overview');
  const mainHeap = await app.evaluate(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    collect();
    return process.memoryUsage().heapUsed;
  });
  const metrics = await pageMetrics(page);
  return {
    parts: await countParts(app),
    mainHeapMib: Math.round(mainHeap / 1_048_576),
    pageHeapMib: Math.round((metrics.get('JSHeapUsedSize') ?? 0) / 1_048_576),
    pageNodes: metrics.get('Nodes') ?? 0,
    pageListeners: metrics.get('JSEventListeners') ?? 0,
    memoryMib: totalMib(await memoryOf(app)),
  };
}

async function pageMetrics(page: Page): Promise<ReadonlyMap<string, number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return new Map(metrics.map(({ name, value }) => [name, value]));
}
