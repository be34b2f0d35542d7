#!/bin/bash
# with-desktop.sh COMMAND...: runs it on a desktop of its own: a new home, a virtual screen, a session bus, a window manager and an unlocked keychain. All of it ends with the command.
# The bus is started inside the virtual screen, so that what the bus starts has a screen too.
set -u
self=$(readlink -f "$0")
if [ -z "${IN_DESKTOP:-}" ]; then
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  mkdir -p -m 700 "$place/run" "$place/home"
  env HOME="$place/home" XDG_RUNTIME_DIR="$place/run" XDG_CURRENT_DESKTOP=XFCE XDG_SESSION_TYPE=x11 NO_AT_BRIDGE=1 GTK_A11Y=none IN_DESKTOP=1 \
    DBUS_SYSTEM_BUS_ADDRESS="unix:path=$place/none" \
    xvfb-run -a -s "-screen 0 2240x1600x24" dbus-run-session -- "$self" "$@" 2> >(grep -vE '^dbus-daemon|xfconfd|Gcr-WARNING|^$' >&2)
  exit $?
fi
started=()
trap 'kill "${started[@]}" 2>/dev/null' EXIT
printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>>"$HOME/desktop.log"
# A window manager may fail to start on a busy machine; without one, tests that close or raise windows say nothing.
managed() { xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; }
for _ in 1 2 3; do
  openbox >>"$HOME/desktop.log" 2>&1 &
  manager=$!
  started+=("$manager")
  for _ in $(seq 300); do
    if managed || ! kill -0 "$manager" 2>/dev/null; then break; fi
    sleep 0.1
  done
  if managed; then break; fi
done
managed || { echo "with-desktop.sh: no window manager" >&2; cat "$HOME/desktop.log" >&2; exit 1; }
"$@"
