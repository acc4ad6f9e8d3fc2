#!/bin/sh
# After a backup: the copy has done its work, and the data is what a backup without one has.
set -eu
volume=${1:-/var/lib/postgresql/data}
rm -f "$volume/.kopiaignore"
rm -rf "$volume/copy"
