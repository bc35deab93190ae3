#!/bin/sh
# Completes the lifecycle actions of this server: at its launch when the node is ready, at its end
# when the node has stopped. Until then it asks the group for more time, a minute at a time. At the
# notice that EC2 will take the server back, it ends the node within the two minutes that are left.
set -eu

LAUNCHED=$STATE_DIRECTORY/launched
POLL_S=5
HEARTBEAT_S=60
# Of the two minutes; the rest is for the way of the notice, and for handing back jobs and locks.
INTERRUPTED_JOBS_S=75
next_heartbeat=0
interrupted=no

uptime_s() { cut -d. -f1 /proc/uptime; }

metadata() {
  token=$(curl --fail --silent --max-time 5 --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token) &&
    curl --fail --silent --max-time 5 --header "X-aws-ec2-metadata-token: $token" \
      "http://169.254.169.254/latest/meta-data/$1"
}

autoscaling() {
  aws autoscaling "$1" --auto-scaling-group-name "$SCIPIO_GROUP" \
    --instance-id "$SCIPIO_INSTANCE_ID" --lifecycle-hook-name "$2" \
    ${3:+--lifecycle-action-result "$3"}
}

heartbeat() {
  [ "$(uptime_s)" -ge "$next_heartbeat" ] || return 0
  next_heartbeat=$(($(uptime_s) + HEARTBEAT_S))
  autoscaling record-lifecycle-action-heartbeat "$1" || true
}

# By the agent's own word: the JVM's answer, and its subscription to the topic.
ready() { docker exec scipio-node python3 -m node health > /dev/null 2>&1; }

launch() {
  if ready; then
    result=CONTINUE
  elif [ "$(uptime_s)" -ge "$SCIPIO_READY_WITHIN_S" ]; then
    result=ABANDON
  else
    heartbeat "$SCIPIO_LAUNCH_HOOK"
    return 0
  fi
  echo "launch: $result after $(uptime_s) s"
  # A first answer that got lost leaves nothing to complete: then the second one fails, for good.
  if autoscaling complete-lifecycle-action "$SCIPIO_LAUNCH_HOOK" "$result" ||
    [ "$(uptime_s)" -ge "$SCIPIO_READY_WITHIN_S" ]; then
    touch "$LAUNCHED"
  fi
}

stopped() {
  case $(systemctl is-active scipio-node.service) in
    inactive | failed) return 0 ;;
    *) return 1 ;;
  esac
}

# Stopping it drains it: the agent ends when its jobs have, or at their limit.
drain() {
  drain_until=$(($(uptime_s) + SCIPIO_DRAIN_WITHIN_S))
  next_heartbeat=0
  systemctl stop --no-block scipio-node.service
  while ! stopped && [ "$(uptime_s)" -lt "$drain_until" ]; do
    heartbeat "$SCIPIO_TERMINATE_HOOK"
    sleep "$POLL_S"
  done
  echo "end: the node is $(systemctl is-active scipio-node.service || true)"
  autoscaling complete-lifecycle-action "$SCIPIO_TERMINATE_HOOK" CONTINUE
}

# The group starts another server now and not when this one is gone.
interrupt() {
  interrupted=yes
  jobs_until=$(($(uptime_s) + INTERRUPTED_JOBS_S))
  echo 'EC2 takes the server back within two minutes: the node drains'
  systemctl stop --no-block scipio-node.service
  aws autoscaling set-instance-health --instance-id "$SCIPIO_INSTANCE_ID" \
    --health-status Unhealthy --no-should-respect-grace-period || true
  while ! stopped; do
    # The agent takes a second signal as the end of the drain.
    if [ "$(uptime_s)" -ge "$jobs_until" ]; then
      docker kill --signal TERM scipio-node || true
      return 0
    fi
    sleep "$POLL_S"
  done
}

while true; do
  case $(metadata autoscaling/target-lifecycle-state || true) in
    InService) [ -e "$LAUNCHED" ] || launch ;;
    Terminated) ! drain || exit 0 ;;
  esac
  if [ "$interrupted" = no ] && metadata spot/instance-action > /dev/null; then interrupt; fi
  sleep "$POLL_S"
done
