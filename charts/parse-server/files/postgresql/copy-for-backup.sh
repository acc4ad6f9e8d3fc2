#!/bin/sh
# Before a backup: a consistent copy of the database beside its data. Files that are copied one after the other while
# PostgreSQL changes them are no copy of a database; what pg_basebackup writes is one, with the log that it needs.
# Nobody has to wait meanwhile. A restored volume starts from this copy: see take-over-copy.sh.
set -eu
volume=${1:-/var/lib/postgresql/data}
scripts=$(dirname "$0")
. "$scripts/backups-under-way.sh"

# Velero's uploader leaves out what this file names (https://kopia.io/docs/advanced/kopiaignore/): nothing starts from the
# data beside a copy, which would be read, stored and restored for nothing.
leave_out() {
  printf '/%s/\n' "$@" > "$volume/.kopiaignore.draft"
  mv "$volume/.kopiaignore.draft" "$volume/.kopiaignore"
}

draft=$volume/copy.draft
rm -rf "$draft"
earlier=$(copies)
if [ -n "$earlier" ] && [ -n "$(still_under_way)" ]; then
  # Another backup may still read its copy. This one's gets a name of its own: whoever reads the other's, which goes once
  # this is complete, finds files missing, and fails; with the same name it would read half of each.
  copy=$volume/copy-$(date +%s)-$$
  leave_out pgdata copy.draft
else
  rm -f "$volume/.kopiaignore" "$under_way"
  rm -rf "$volume/copy" "$volume"/copy-*
  earlier=
  copy=$volume/copy
fi
trap 'rm -rf "$draft"' EXIT

fail() {
  echo "$1" >&2
  exit 1
}
TOO_LATE="the copy of the database was not complete $hook_seconds s after the hook began: raise onprem:backup.timeouts.hooks"

# Ends before Velero stops waiting: a copy that is made after that would be in the next backup's way.
within=
if [ "$hook_seconds" -gt 0 ]; then
  margin=$((hook_seconds > 20 ? 10 : 0))
  end=$((began + hook_seconds - margin))
  left=$((end - $(date +%s)))
  [ "$left" -gt 0 ] || fail "$TOO_LATE"
  within="timeout $left"
fi
# shellcheck disable=SC2086
$within pg_basebackup --host=/var/run/postgresql --username="$POSTGRES_USER" --no-password \
  --pgdata="$draft" --checkpoint=fast --wal-method=stream || {
  status=$?
  if [ -n "$within" ] && [ "$(date +%s)" -ge "$end" ]; then fail "$TOO_LATE"; fi
  fail "pg_basebackup ended with $status: there is no copy of the database"
}
mv "$draft" "$copy"
add_backup
leave_out pgdata
for old in $earlier; do rm -rf "$old"; done
