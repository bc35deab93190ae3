#!/bin/sh
# Runs before every start of the node: afterwards its image, secrets and the shared files are there.
set -eu

# After each failure a longer pause, up to one minute: systemd 252 has no back-off of its own.
restarts=$(systemctl show --property NRestarts --value scipio-node.service)
sleep $((restarts < 6 ? restarts * 10 : 60))

case $SCIPIO_INSTANCE_ID in
  i-*) ;;
  *) echo "instance id: got '$SCIPIO_INSTANCE_ID'; cloud-init did not fill it in" >&2; exit 1 ;;
esac

# Without the mount nothing starts: uploads would land on this server's own disk.
if [ -n "$SCIPIO_FILE_SYSTEM" ] && ! mountpoint --quiet "$SCIPIO_SHARED_PATH"; then
  mkdir -p "$SCIPIO_SHARED_PATH"
  mount -t efs -o "noresvport,tls,iam,accesspoint=$SCIPIO_ACCESS_POINT" \
    "$SCIPIO_FILE_SYSTEM:/" "$SCIPIO_SHARED_PATH"
fi

# The helper logs in with the server's role at each pull; no password is kept.
if [ -n "$SCIPIO_REGISTRY" ]; then
  mkdir -p "$HOME/.docker"
  printf '{"credHelpers": {"%s": "ecr-login"}}\n' "$SCIPIO_REGISTRY" > "$HOME/.docker/config.json"
fi
docker image inspect "$SCIPIO_IMAGE" > /dev/null 2>&1 || docker pull --quiet "$SCIPIO_IMAGE"

docker rm --force --volumes scipio-node > /dev/null 2>&1 || true

# The container has no way to the metadata service, so it cannot ask for secrets itself. They lie in
# memory alone: in a file system that is new at each start, as the node may write to the second one.
memory() {
  ! mountpoint --quiet "$1" || umount "$1"
  mkdir -p "$1"
  owned="uid=$SCIPIO_USER_ID,gid=$SCIPIO_USER_ID"
  mount -t tmpfs -o "size=1m,mode=0700,noexec,nosuid,nodev,$owned" tmpfs "$1"
}

# `<name>=<ARN>`, or `<name>=<ARN>#<key>` for one value of a JSON object.
fetch() {
  reference=${2#*=}
  value=$(aws secretsmanager get-secret-value --secret-id "${reference%%#*}" \
    --query SecretString --output text)
  if [ "$reference" != "${reference%%#*}" ]; then
    value=$(printf %s "$value" |
      python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "${reference#*#}")
  fi
  (umask 077; printf '%s\n' "$value" > "$1/${2%%=*}")
  chown "$SCIPIO_USER_ID:$SCIPIO_USER_ID" "$1/${2%%=*}"
}

memory "$SCIPIO_CONFIGURATION/secrets"
for secret in $SCIPIO_SECRETS; do fetch "$SCIPIO_CONFIGURATION/secrets" "$secret"; done
# Once the node has served, this server may not read those of the preparation any more.
memory "$SCIPIO_CONFIGURATION/preparation"
if [ ! -e "$STATE_DIRECTORY/prepared" ]; then
  for secret in $SCIPIO_PREPARATION_SECRETS; do
    fetch "$SCIPIO_CONFIGURATION/preparation" "$secret"
  done
fi
