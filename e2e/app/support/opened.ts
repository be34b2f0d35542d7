import type { ElectronApplication, JSHandle } from '@playwright/test';

/** From here on nothing is opened in other programs; the paths that would have been are in the answer. */
export function noteOpened(app: ElectronApplication): Promise<JSHandle<string[]>> {
  return app.evaluateHandle(({ shell }) => {
    const paths: string[] = [];
    shell.openPath = async (file) => {
      paths.push(file);
      return '';
    };
    return paths;
  });
}
