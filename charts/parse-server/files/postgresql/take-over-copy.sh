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
# It names data that a backup leaves out: the restored volume's are all that there is.
rm -f "$volume/.kopiaignore"
if [ -s "$volume/copy/PG_VERSION" ]; then
  echo "restored: starting from the consistent copy"
  if [ -e "$volume/pgdata" ]; then
    rm -rf "$volume/pgdata.restored"
    mv "$volume/pgdata" "$volume/pgdata.restored"
  fi
  mv "$volume/copy" "$volume/pgdata"
fi
for name in $new; do echo "$name" >> "$known"; done
rm -rf "$volume/pgdata.restored"
