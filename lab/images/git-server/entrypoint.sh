#!/bin/sh
# Serves the bare repositories below /srv/git over SSH, without being root. Who may log in is in /srv/git/authorized_keys;
# the host key is made on the first start, its public half is /srv/git/host_key.pub.
set -eu

home=/srv/git
[ -f "$home/host_key" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$home/host_key"
touch "$home/authorized_keys"

exec /usr/sbin/sshd -D -e -f /dev/null \
  -o Port=2222 \
  -o HostKey="$home/host_key" \
  -o AuthorizedKeysFile="$home/authorized_keys" \
  -o PidFile=none \
  -o StrictModes=no \
  -o UsePAM=no \
  -o PasswordAuthentication=no \
  -o KbdInteractiveAuthentication=no \
  -o AllowUsers=git \
  -o AllowTcpForwarding=no \
  -o X11Forwarding=no \
  -o PermitTTY=no
