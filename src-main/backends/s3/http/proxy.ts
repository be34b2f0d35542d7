type Env = Readonly<Record<string, string | undefined>>;

/** The proxy for an address: the one that is set, or as the environment says in either case of its names; null for none. */
export function proxyFor(origin: string, configured: string | null, env: Env): string | null {
  if (configured !== null && configured !== '') return configured;
  const url = new URL(origin);
  if (isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return null;
  const ofScheme = url.protocol === 'https:' ? (env['https_proxy'] ?? env['HTTPS_PROXY']) : (env['http_proxy'] ?? env['HTTP_PROXY']);
  const proxy = ofScheme ?? env['all_proxy'] ?? env['ALL_PROXY'];
  if (proxy === undefined || proxy === '') return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `*`, or a list of hosts with or without a port; each also stands for the hosts below it. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const actualPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '') return false;
      if (entry === '*') return true;
      const [, host = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '');
      return (wantedPort === undefined || wantedPort === actualPort) && (hostname === name || hostname.endsWith(`.${name}`));
    });
}
