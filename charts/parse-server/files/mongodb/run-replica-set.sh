#!/bin/bash
# Brings the replica set to what the chart asks for: after each start of the pod and whenever the mounted settings
# change. A pod must not have to restart for a new member: a StatefulSet restarts a pod only when those after it are
# ready, and a new member is not ready before member 0 has added it.
trap 'exit 0' TERM INT
settings=/mongodb-scripts/replica-set.json
applied=
while true; do
  wanted=$(<"$settings")
  pause=10
  if [[ $wanted != "$applied" ]]; then
    if mongosh --quiet --norc --nodb --file /mongodb-scripts/replica-set.js; then applied=$wanted; else pause=3; fi
  fi
  # A backup's lock outlives a restart of this container, and what watches over it does not.
  if [[ -e /tmp/backup-lock/held ]]; then bash /mongodb-scripts/backup-lock.sh guard & fi
  sleep "$pause" &
  wait $!
done
