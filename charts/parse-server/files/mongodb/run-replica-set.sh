#!/bin/bash
# Brings the replica set to what the chart asks for, once after each start of the pod, then sleeps.
trap 'exit 0' TERM INT
until mongosh --quiet --norc --nodb --file /mongodb-scripts/replica-set.js; do
  sleep 5 &
  wait $!
done
sleep infinity &
wait $!
