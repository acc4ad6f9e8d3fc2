#!/bin/sh
# Before PostgreSQL starts: a volume that was restored since gets the consistent copy in the place of the data beside
# it. Velero leaves a file named after the restore in the folder .velero. May be stopped anywhere and run again.
set -eu
volume=${1:-/var/lib/postgresql/data}
known=$volume/restores-taken-over
new=
for mark in "$volume"/.velero/*; do
  [ -e "$mark" ] || continue
  name=$(basename "$mark")
  grep -qxF "$name" "$known" 2>/dev/null || new="$new $name"
done
[ -n "$new" ] || exit 0
# They are about backups of the volume that was lost; the first names data that a backup leaves out, and the restored
# volume's are all that there is.
rm -f "$volume/.kopiaignore" "$volume/backups-under-way"
# The newest: a backup may hold what was left of an older one.
copy=
for candidate in "$volume/copy" "$volume"/copy-*; do
  [ -s "$candidate/PG_VERSION" ] || continue
  if [ -n "$copy" ]; then rm -rf "$copy"; fi
  copy=$candidate
done
if [ -n "$copy" ]; then
  echo "restored: starting from the consistent copy"
  if [ -e "$volume/pgdata" ]; then
    rm -rf "$volume/pgdata.restored"
    mv "$volume/pgdata" "$volume/pgdata.restored"
  fi
  mv "$copy" "$volume/pgdata"
fi
for name in $new; do echo "$name" >> "$known"; done
rm -rf "$volume/pgdata.restored"
