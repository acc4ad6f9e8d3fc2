#!/bin/sh
# After a backup: the copy has done its work.
set -eu
rm -rf /var/lib/postgresql/data/copy
