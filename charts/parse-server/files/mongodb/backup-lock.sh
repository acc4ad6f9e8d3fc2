#!/bin/bash
# Locks this member for a backup, or unlocks it. A lock whose backup is never heard of again ends by itself, since the
# members of the set would otherwise refuse writes for good.
set -eu
limit_seconds=1800
guard=/tmp/backup-lock-guard
call() { BACKUP_LOCK=$1 mongosh --quiet --norc --nodb --file /mongodb-scripts/backup-lock.js; }
if [[ -s $guard ]]; then kill "$(<"$guard")" 2>/dev/null || true; fi
rm -f "$guard"
call "$1"
if [[ $1 == lock ]]; then
  (sleep "$limit_seconds" && rm -f "$guard" && call unlock) >/dev/null 2>&1 </dev/null &
  echo $! > "$guard"
  disown
fi
