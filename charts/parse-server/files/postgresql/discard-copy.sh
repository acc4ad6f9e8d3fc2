#!/bin/sh
# After a backup: the copy has done its work, and the data is what a backup without one has. Fails where there is no copy:
# then the backup has none either, or half of one, and Velero makes it PartiallyFailed.
set -eu
volume=${1:-/var/lib/postgresql/data}
scripts=$(dirname "$0")
. "$scripts/backups-under-way.sh"

under_way_count=$(still_under_way | wc -l)
if [ -z "$(copies)" ]; then
  drop_backup
  echo "there is no copy of the database: none was made, or it was removed before the backup's end. What is stored of this volume is no database" >&2
  exit 1
fi
if [ "$under_way_count" -gt 1 ]; then
  drop_backup
  echo "the copy stays: another backup may still read it"
  exit 0
fi
rm -f "$volume/.kopiaignore" "$under_way"
rm -rf "$volume/copy" "$volume"/copy-*
