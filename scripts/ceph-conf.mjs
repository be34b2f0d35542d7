// The settings of scripts/ceph.mjs: one monitor, one store in memory, one gateway; no authentication within the cluster, no logs, no waiting.

const QUIET = [
  'ms',
  'mon',
  'monc',
  'paxos',
  'auth',
  'osd',
  'objecter',
  'rados',
  'rgw',
  'rgw_sync',
  'rocksdb',
  'optracker',
  'objclass',
  'asok',
  'throttle',
  'finisher',
  'timer',
  'tp',
  'context',
  'crush',
];

/** @param at folder, fsid, ip and the ports of the gateway (s3) and of the monitor's two protocols (mon2, mon1) */
export function cephConf({ folder, fsid, ip, s3, mon2, mon1 }) {
  const sections = {
    global: {
      fsid,
      'mon host': `[v2:${ip}:${mon2},v1:${ip}:${mon1}]`,
      'public addr': ip,
      'cluster addr': ip,
      'public network': '127.0.0.0/8',
      'auth cluster required': 'none',
      'auth service required': 'none',
      'auth client required': 'none',
      'run dir': `${folder}/run`,
      'crash dir': `${folder}/run`,
      'admin socket': `${folder}/run/$name.asok`,
      'log file': `${folder}/log/$name.log`,
      'log to stderr': false,
      'err to stderr': false,
      'log max recent': 1,
      'osd pool default size': 1,
      'osd pool default min size': 1,
      'osd pool default pg num': 8,
      'osd pool default pgp num': 8,
      'osd pool default pg autoscale mode': 'off',
      'osd crush chooseleaf type': 0,
      'mon allow pool size one': true,
      'mon max pg per osd': 2000,
      'mon data avail warn': 1,
      'mon data avail crit': 0,
      // Every pool waits for a round of the monitor: with the usual second a boot takes 11 s, with this less than one.
      'paxos propose interval': 0.02,
      'paxos min wait': 0.01,
      'ms crc data': false,
      'ms crc header': false,
      ...Object.fromEntries(QUIET.map((name) => [`debug ${name}`, '0/0'])),
    },
    'mon.a': { 'mon data': `${folder}/mon` },
    osd: {
      'osd data': `${folder}/osd`,
      'osd objectstore': 'memstore',
      'memstore device bytes': 12 * 1024 ** 3,
      'memstore page set': false,
      // A fast end would lose what is in memory; an orderly one writes it to the folder.
      'osd fast shutdown': false,
      // After a killed gateway, changes of bucket settings wait so long for it to hear of them.
      'osd client watch timeout': 2,
      'osd op num shards': 2,
      'osd op num threads per shard': 2,
      'osd enable op tracker': false,
      'osd class load list': '*',
      'osd class default list': '*',
    },
    'client.rgw': {
      'admin socket': `${folder}/run/rgw.asok`,
      'log file': `${folder}/log/rgw.log`,
      'rgw data': `${folder}/rgw`,
      // Its default, `secure`, never connects where authentication is off.
      'ms mon client mode': 'crc',
      'rgw frontends': `beast endpoint=${ip}:${s3} tcp_nodelay=1`,
      'rgw thread pool size': 128,
      'rgw enable usage log': false,
      'rgw enable ops log': false,
      'rgw dynamic resharding': false,
      'rgw override bucket index max shards': 4,
      'rgw gc obj min wait': 1,
      'rgw gc processor period': 5,
    },
  };
  const lines = Object.entries(sections).map(([name, settings]) => [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join('\n'));
  return `${lines.join('\n')}\n`;
}
