#!/bin/sh
# Before a backup: a consistent copy of the database beside its data. Files that are copied one after the other while
# PostgreSQL changes them are no copy of a database; what pg_basebackup writes is one, with the log that it needs.
# Nobody has to wait meanwhile. A restored volume starts from this copy: see take-over-copy.sh.
set -eu
volume=${1:-/var/lib/postgresql/data}
rm -f "$volume/.kopiaignore"
rm -rf "$volume/copy" "$volume/copy.draft"
trap 'rm -rf "$volume/copy.draft"' EXIT
pg_basebackup --host=/var/run/postgresql --username="$POSTGRES_USER" --no-password \
  --pgdata="$volume/copy.draft" --checkpoint=fast --wal-method=stream
mv "$volume/copy.draft" "$volume/copy"
# Velero's uploader leaves out what this file names (https://kopia.io/docs/advanced/kopiaignore/): nothing starts from the
# data beside a copy, which would be read, stored and restored for nothing.
echo /pgdata/ > "$volume/.kopiaignore"
