/**
 * The programs on Rancher's VM, as text. They are the same for every customer: what differs is read from the VM's
 * metadata at run time, so that a new Rancher version is a changed value and not a changed machine.
 */

/** Where things are on the VM. */
export interface MachinePaths {
  /** The data disk. */
  readonly data: string;
  /** Memory only: secrets and the wanted state. */
  readonly run: string;
  /** Google's metadata server. */
  readonly metadataServer: string;
  /** Google's Secret Manager. */
  readonly secretManager: string;
}

/** On the real VM. */
export const machinePaths: MachinePaths = {
  data: "/srv/rancher",
  run: "/run/rancher-server",
  metadataServer: "http://metadata.google.internal/computeMetadata/v1",
  secretManager: "https://secretmanager.googleapis.com/v1",
};

/** Name of the metadata key that holds the wanted state. */
export const WANTED_STATE = "rancher-server";

/** Copies of the data kept from before upgrades. They share their blocks with the data until those change. */
const COPIES_KEPT = 3;

/**
 * Reads the wanted state, fetches secrets into memory, fetches the image, and copies the data before another version
 * starts on it. Runs before every start of the container.
 */
export function prepareProgram(paths: MachinePaths = machinePaths): string {
  return `#!/bin/bash
set -euo pipefail
umask 077
data=${paths.data}
run=${paths.run}
mkdir -p "$run/tls"
install --directory --mode=0755 "$data/data"

instance() {
  curl --silent --show-error --fail --retry 10 --retry-all-errors --header 'Metadata-Flavor: Google' \\
    "${paths.metadataServer}/instance/$1"
}
wanted() {
  jq --exit-status --raw-output "$1" "$run/wanted.json"
}
# The token goes through a pipe: a command line is readable by every process.
secret() {
  instance service-accounts/default/token | jq --raw-output '"Authorization: Bearer \\(.access_token)"' |
    curl --silent --show-error --fail --retry 10 --retry-all-errors --header @- "${paths.secretManager}/$1:access" |
    jq --exit-status --raw-output .payload.data | base64 --decode
}

instance attributes/${WANTED_STATE} > "$run/wanted.json.new"
mv "$run/wanted.json.new" "$run/wanted.json"
image=$(wanted .image)

# Values are taken apart from their use: bash goes on after a failure inside a command's arguments.
version=$(wanted .secrets.bootstrapPassword)
password=$(secret "$version")
printf 'CATTLE_BOOTSTRAP_PASSWORD=%s\\n' "$password" > "$run/environment"
mode=$(wanted .agentTlsMode)
[ "$mode" = strict ] || wanted '"CATTLE_AGENT_TLS_MODE=" + .agentTlsMode' >> "$run/environment"
rm -f "$run/tls/"*
if version=$(wanted .secrets.certificate); then
  secret "$version" > "$run/tls/bundle.json"
  jq --exit-status --raw-output .certificate "$run/tls/bundle.json" > "$run/tls/cert.pem"
  jq --exit-status --raw-output .privateKey "$run/tls/bundle.json" > "$run/tls/key.pem"
  ca=$(jq --raw-output '.caCertificate // empty' "$run/tls/bundle.json")
  [ -z "$ca" ] || printf '%s\\n' "$ca" > "$run/tls/cacerts.pem"
  rm "$run/tls/bundle.json"
fi

docker image inspect "$image" > /dev/null 2>&1 || docker pull "$image"

before=$(cat "$data/image" 2> /dev/null || true)
if [ -n "$before" ] && [ "$before" != "$image" ]; then
  copy="$data/before-$(date --utc +%Y%m%dT%H%M%SZ)-\${before##*:}"
  cp --archive --reflink=always "$data/data" "$copy.part"
  mv "$copy.part" "$copy"
  ls --directory "$data"/before-* | sort --reverse | tail --lines=+${COPIES_KEPT + 1} | xargs --no-run-if-empty rm -rf
fi
printf '%s\\n' "$image" > "$data/image"

# Containers get no further than this to the service account of the VM. Names are resolved on port 53 of that address.
iptables --check DOCKER-USER --destination 169.254.169.254 --protocol tcp --dport 80 --jump DROP 2> /dev/null ||
  iptables --insert DOCKER-USER --destination 169.254.169.254 --protocol tcp --dport 80 --jump DROP
docker rm --force rancher > /dev/null 2>&1 || true
`;
}

/** Runs the container in the foreground. */
export function runProgram(paths: MachinePaths = machinePaths): string {
  return `#!/bin/bash
set -euo pipefail
data=${paths.data}
run=${paths.run}
wanted() {
  jq --exit-status --raw-output "$1" "$run/wanted.json"
}
options=(--publish 443:443)
arguments=()
image=$(wanted .image)
hostname=$(wanted .hostname)
certificate=$(wanted .certificate)
case $certificate in
  letsencrypt)
    options+=(--publish 80:80)
    arguments+=(--acme-domain "$hostname")
    ;;
  publicAuthority) arguments+=(--no-cacerts) ;;
  privateAuthority) options+=(--volume "$run/tls/cacerts.pem:/etc/rancher/ssl/cacerts.pem:ro") ;;
esac
if [ -e "$run/tls/cert.pem" ]; then
  options+=(--volume "$run/tls/cert.pem:/etc/rancher/ssl/cert.pem:ro")
  options+=(--volume "$run/tls/key.pem:/etc/rancher/ssl/key.pem:ro")
fi
exec docker run --rm --name rancher --privileged --log-driver none --env-file "$run/environment" \\
  --volume "$data/data:/var/lib/rancher" "\${options[@]}" "$image" "\${arguments[@]}"
`;
}

/** Waits for another wanted state and brings it about; lets the file system grow with its disk. */
export function watchProgram(paths: MachinePaths = machinePaths): string {
  return `#!/bin/bash
set -uo pipefail
data=${paths.data}
run=${paths.run}
while sleep 5; do
  xfs_growfs "$data" > /dev/null || true
  wanted=$(curl --silent --show-error --fail --max-time 330 --header 'Metadata-Flavor: Google' \\
    "${paths.metadataServer}/instance/attributes/${WANTED_STATE}?wait_for_change=true&timeout_sec=300") || continue
  [ "$wanted" != "$(cat "$run/wanted.json" 2> /dev/null)" ] || continue
  # The image comes first: what serves goes on serving until there is something to replace it.
  image=$(jq --exit-status --raw-output .image <<< "$wanted") && docker pull "$image" || continue
  systemctl restart rancher.service
done
`;
}

/** systemd unit of the container. */
export function rancherUnit(programs: string, paths: MachinePaths = machinePaths): string {
  return `[Unit]
Description=Rancher
Documentation=https://ranchermanager.docs.rancher.com
Wants=network-online.target
After=network-online.target docker.service
Requires=docker.service
RequiresMountsFor=${paths.data}
StartLimitIntervalSec=0

[Service]
ExecStartPre=${programs}/prepare
ExecStart=${programs}/run
ExecStop=/usr/bin/docker stop --time 120 rancher
TimeoutStartSec=1800
TimeoutStopSec=150
Restart=always
RestartSec=15

[Install]
WantedBy=multi-user.target
`;
}

/** systemd unit of the program that waits for another wanted state. */
export function watchUnit(programs: string): string {
  return `[Unit]
Description=Brings about the state of Rancher that the metadata of this machine asks for
After=rancher.service

[Service]
ExecStart=${programs}/watch
Restart=always
RestartSec=15

[Install]
WantedBy=multi-user.target
`;
}
