#!/bin/sh
# Runs before every start of the node: afterwards its image and the shared files are there.
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
