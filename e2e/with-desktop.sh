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
openbox >>"$HOME/desktop.log" 2>&1 &
started+=($!)
for _ in $(seq 100); do
  xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
  sleep 0.1
done
"$@"
