import { ASKED_TO_END, HOPELESS, RESTART_SECONDS, type ServiceSpec } from './service-spec.ts';

/** Without a sign of life for so long, systemd starts it anew. */
const WATCHDOG_SECONDS = 300;

/**
 * A systemd user unit. The program says by sd_notify when it is ready, alive and stopping; `NotifyAccess=all`, because it says so through systemd-notify: Node has no datagram sockets of the file system.
 */
export function systemdUnit({ description, command, folder }: ServiceSpec): string {
  return `# Written by \`file-sync service install\`; \`file-sync service remove\` takes it away.
[Unit]
Description=${description.replaceAll('%', '%%').replaceAll(/[\r\n]+/g, ' ')}
Documentation=man:file-sync(1)

[Service]
Type=notify
NotifyAccess=all
ExecStart=${command.map(quoted).join(' ')}
WorkingDirectory=${folder.replaceAll('%', '%%')}
Restart=on-failure
RestartSec=${RESTART_SECONDS}
RestartPreventExitStatus=${HOPELESS.join(' ')}
SuccessExitStatus=${ASKED_TO_END}
WatchdogSec=${WATCHDOG_SECONDS}
TimeoutStopSec=120
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`;
}

/** One argument of ExecStart, by systemd.service(5) and systemd.syntax(7): quotes and backslashes escaped, specifiers and variables doubled. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped}"`;
}
