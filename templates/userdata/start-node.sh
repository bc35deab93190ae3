#!/bin/sh
# Runs the node in the foreground; what is not said here is in the cluster document. Every message of
# agent and ERP begins with its date: what follows, a stack trace, is found together with it.
set -eu

# The image says where the ERP's tree is; only its runtime folder is written to.
home=$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$SCIPIO_IMAGE" |
  sed -n 's/^OFBIZ_HOME=//p')
[ -n "$home" ] || { echo "$SCIPIO_IMAGE: sets no OFBIZ_HOME; must be a node's image" >&2; exit 1; }

owned="uid=$SCIPIO_USER_ID,gid=$SCIPIO_USER_ID"
set -- --name scipio-node --rm --attach STDERR \
  --hostname "$SCIPIO_INSTANCE_ID" \
  --env "SCIPIO_INSTANCE_ID=$SCIPIO_INSTANCE_ID" \
  --memory "${SCIPIO_MEMORY_MIB}m" --memory-swap "${SCIPIO_MEMORY_MIB}m" \
  --cap-drop ALL --security-opt no-new-privileges --read-only \
  --tmpfs "/run/scipio:rw,noexec,nosuid,nodev,size=16m,mode=0700,$owned" \
  --volume /tmp --volume "$home/runtime" \
  --mount "type=bind,source=$SCIPIO_CONFIGURATION,target=/etc/scipio,readonly" \
  --mount "type=bind,source=$SCIPIO_CONFIGURATION/secrets,target=/etc/scipio/secrets,readonly" \
  --mount "type=bind,source=$SCIPIO_CONFIGURATION/preparation,target=/etc/scipio/preparation" \
  --publish "$SCIPIO_PORT:$SCIPIO_PORT" \
  --sysctl net.ipv4.tcp_keepalive_time=10 \
  --sysctl net.ipv4.tcp_keepalive_intvl=5 \
  --sysctl net.ipv4.tcp_keepalive_probes=3 \
  --sysctl net.ipv4.tcp_retries2=5 \
  --stop-timeout "$SCIPIO_STOP_WITHIN_S" \
  --log-driver awslogs \
  --log-opt "awslogs-region=$AWS_DEFAULT_REGION" \
  --log-opt "awslogs-group=$SCIPIO_LOG_GROUP" \
  --log-opt "awslogs-stream=$SCIPIO_INSTANCE_ID" \
  --log-opt awslogs-create-group=false \
  --log-opt 'awslogs-multiline-pattern=^[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:' \
  --log-opt mode=non-blocking --log-opt max-buffer-size=4m

if [ -n "$SCIPIO_HEALTH_PORT" ]; then
  set -- "$@" --publish "$SCIPIO_HEALTH_PORT:$SCIPIO_HEALTH_PORT"
fi

if [ -n "$SCIPIO_FILE_SYSTEM" ]; then
  set -- "$@" --mount "type=bind,source=$SCIPIO_SHARED_PATH,target=$SCIPIO_SHARED_PATH"
fi

if [ "$SCIPIO_ROLE" = search ]; then
  # The index outlives the container, not the server: the node rebuilds it where it is missing.
  index=/var/lib/scipio/search-index
  install --directory --owner="$SCIPIO_USER_ID" --group="$SCIPIO_USER_ID" --mode=0700 "$index"
  set -- "$@" --env SCIPIO_ROLE=search \
    --mount "type=bind,source=$index,target=$home/applications/solr/cores/product/data"
fi

exec docker run "$@" "$SCIPIO_IMAGE"
