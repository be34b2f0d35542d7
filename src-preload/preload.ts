import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, CHANNELS, EVENT_NAMES, wireName } from './contract/channels.ts';

/** The one thing a window gets from outside. Names outside the contract never reach Electron, and no Electron object reaches the window. */
const bridge: Bridge = {
  request: (channel, input) => {
    if (!Object.hasOwn(CHANNELS, channel)) return Promise.reject(new Error('no such request'));
    return ipcRenderer.invoke(wireName(channel), input);
  },
  on: (event, listener) => {
    if (!Object.hasOwn(EVENT_NAMES, event)) throw new Error('no such event');
    const handler = (_: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(wireName(event), handler);
    return () => void ipcRenderer.off(wireName(event), handler);
  },
};

contextBridge.exposeInMainWorld('fileSync', bridge);
