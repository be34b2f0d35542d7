import type { AddressInfo, Server } from 'node:net';
import net from 'node:net';
import tls from 'node:tls';

/** A key and a certificate of no value: nothing but these tests trusts them. For 127.0.0.1, signed by itself. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBuDCCAV+gAwIBAgIUYi3kt9UCOrI2biRT6q9Z3h11bakwCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYRmlsZSBTeW5jIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNTIw
NDM1M1oYDzIxMjYxMTAxMjA0MzUzWjAjMSEwHwYDVQQDDBhGaWxlIFN5bmMgdGVz
dCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARBzfEZHpm6MKfu
qtwV9aoCk4nkTgb2mCX03nocWxxKOwBrTxu7umoDGsT62gb5Xs5AgKGH3IJ5XT9q
xyRIgh7Wo28wbTAdBgNVHQ4EFgQUrBS2jI/+LVNNuc8QMZlLG6+mCW8wHwYDVR0j
BBgwFoAUrBS2jI/+LVNNuc8QMZlLG6+mCW8wDwYDVR0TAQH/BAUwAwEB/zAaBgNV
HREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDRwAwRAIgRFZipdVg
GYjIDnLbLf3KlR1ZKMw0uj8SzP+FV8+4DdACIA3iijjdzbVw5pqNe2TnfijvOBE1
eFPSD4PDueH0WcLw
-----END CERTIFICATE-----
`;
const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUY689XaY1VVJ08Mm
mAeBvw5KTGR4l4A96XjY3Unw8eShRANCAARBzfEZHpm6MKfuqtwV9aoCk4nkTgb2
mCX03nocWxxKOwBrTxu7umoDGsT62gb5Xs5AgKGH3IJ5XT9qxyRIgh7W
-----END PRIVATE KEY-----
`;

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** TLS in front of a server that speaks none. */
export function tlsFront(port: number): Promise<Front> {
  return listen(
    tls.createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (socket) => {
      const inner = net.connect(port, '127.0.0.1');
      socket.on('error', () => inner.destroy());
      inner.on('error', () => socket.destroy());
      socket.pipe(inner).pipe(socket);
    }),
  );
}

export async function listen(server: Server): Promise<Front> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}
