#!/bin/sh
# Follows the conventions of the official PostgreSQL image: the data folder is made on the first start, from POSTGRES_USER,
# POSTGRES_DB and POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE; PGDATA says where.
set -eu

if [ "${1:-}" != postgres ]; then exec "$@"; fi

: "${PGDATA:=/var/lib/postgresql/data}" "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
export PGDATA

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password_file=${POSTGRES_PASSWORD_FILE:-}
  if [ -z "$password_file" ]; then
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
      echo "set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD" >&2
      exit 1
    fi
    password_file=/tmp/postgres-password
    (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" > "$password_file")
  fi
  # A first start that was killed half-way leaves a folder without PG_VERSION or with the mark below: start afresh.
  mkdir -p "$PGDATA"
  rm -rf "$PGDATA"/* "$PGDATA"/.[!.]*
  draft="$PGDATA/draft"
  mkdir -m 0700 "$draft"
  initdb --pgdata="$draft" --username="$POSTGRES_USER" --pwfile="$password_file" --auth-local=trust \
    --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  echo "host all all all scram-sha-256" >> "$draft/pg_hba.conf"
  if [ "$POSTGRES_DB" != postgres ]; then
    printf 'CREATE DATABASE "%s";\n' "$POSTGRES_DB" |
      postgres --single -D "$draft" postgres
  fi
  for name in "$draft"/*; do
    [ "$name" = "$draft/PG_VERSION" ] || mv "$name" "$PGDATA/"
  done
  chmod 0700 "$PGDATA"
  mv "$draft/PG_VERSION" "$PGDATA/PG_VERSION"
  rmdir "$draft"
fi

exec "$@" -c listen_addresses='*'
