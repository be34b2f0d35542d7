import { APP_ASK, type AppAsk } from './control-protocol.ts';
import { type ControlServer, openServer, type ServerPorts } from './control-server.ts';

/** What a command wants of the desktop app, beside its folders. */
export interface AppDesk {
  /** Changes a setting of one of its folders, under the name it has in settings files; null takes it out. Resolves when it counts. */
  set(folder: string, name: string, value: string | null): Promise<void>;
}

/** The app's end. It listens before it reads its settings: whoever finds nobody there may write them, and is asked again if it came meanwhile. */
export async function openAppControl(ports: Omit<ServerPorts, 'kind' | 'source'>, desk: Promise<AppDesk>): Promise<ControlServer> {
  return openServer<AppAsk>(
    { ...ports, kind: 'app', source: '' },
    {
      asks: APP_ASK,
      answer: async ({ folder, name, value }) => {
        await (await desk).set(folder, name, value);
        return null;
      },
      events: () => null,
    },
  );
}
