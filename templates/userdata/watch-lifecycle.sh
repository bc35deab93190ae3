#!/bin/sh
# Completes the lifecycle actions of this server: at its launch, and when it comes back from Standby,
# when the node is ready; at its end when the node has stopped. Until then it asks the group for more
# time, a minute at a time. The group replaces the server of a node that does not come back by itself.
# At the notice that EC2 will take the server back, it ends the node within the two minutes left.
set -eu

LAUNCHED=$STATE_DIRECTORY/launched
PREPARED=$STATE_DIRECTORY/prepared
POLL_S=5
HEARTBEAT_S=60
# How often it asks whether the group waits for something: soon, and where that is not expected.
QUESTION_S=15
QUIET_QUESTION_S=240
LOOK_S=30
# A report of the agent that is older is no sign of life.
REPORT_MAX_AGE_S=60
# Of the two minutes; the rest is for the way of the notice, and for handing back jobs and locks.
INTERRUPTED_JOBS_S=75

state=
action_open=no
give_up_at=$SCIPIO_READY_WITHIN_S
expected_until=0
[ -e "$LAUNCHED" ] || expected_until=$SCIPIO_READY_WITHIN_S
next_question=0
next_look=0
alive_at=
let_go_by=
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

# Auto Scaling takes a heartbeat only while it waits for this server's word.
waited_for() { autoscaling record-lifecycle-action-heartbeat "$1"; }

replace_server() {
  aws autoscaling set-instance-health --instance-id "$SCIPIO_INSTANCE_ID" \
    --health-status Unhealthy --no-should-respect-grace-period
}

# By the agent's own word: the JVM's answer, and its subscription to the topic.
ready() { docker exec scipio-node python3 -m node health > /dev/null 2>&1; }

# Less than ready: a JVM that answers lives, also while the database is away.
alive() {
  report=$(docker exec scipio-node python3 -m node health 2> /dev/null) || true
  case $report in *'"phase": "serving"'* | *'"phase": "draining"'*) ;; *) return 1 ;; esac
  observed_at=$(echo "$report" | sed -n 's/.*"observedAt": \([0-9]*\).*/\1/p')
  [ $(($(date +%s) - ${observed_at:-0})) -lt "$REPORT_MAX_AGE_S" ]
}

# What the node printed is there already; why no node began is in the journal alone. One call takes
# one MiB, lines in the order of their times, and no more than a day of them.
send_journal() {
  stream=$SCIPIO_INSTANCE_ID/journal
  journalctl --boot --since '3 hours ago' --lines 2000 --output short-unix --no-pager |
    LC_ALL=C tr -cd '\12\40-\176' | sed 's/^\(.\{400\}\).*/\1/; s/[\\"]/\\&/g' |
    awk 'BEGIN { printf "[" }
      $1 * 1000 > at { at = $1 * 1000 }
      at > 0 { printf "%s{\"timestamp\": %.0f, \"message\": \"%s\"}", comma, at, $0; comma = ", " }
      END { print "]" }' > "$STATE_DIRECTORY/journal.json" || return 0
  aws logs create-log-stream --log-group-name "$SCIPIO_LOG_GROUP" --log-stream-name "$stream" || true
  aws logs put-log-events --log-group-name "$SCIPIO_LOG_GROUP" --log-stream-name "$stream" \
    --log-events "file://$STATE_DIRECTORY/journal.json" || true
}

# The administrators' secrets were for the preparation: from now on the server is in a role that may
# not read them. Done when the metadata service says so.
lower_rights() {
  [ ! -e "$PREPARED" ] || return 0
  case $(metadata iam/info || true) in *"$SCIPIO_SERVING_PROFILE"*) touch "$PREPARED"; return ;; esac
  association=$(aws ec2 describe-iam-instance-profile-associations \
    --filters "Name=instance-id,Values=$SCIPIO_INSTANCE_ID" \
    --query 'IamInstanceProfileAssociations[0].AssociationId' --output text) &&
    aws ec2 replace-iam-instance-profile-association --association-id "$association" \
      --iam-instance-profile "Arn=$SCIPIO_SERVING_PROFILE" > /dev/null
}

ask() {
  if waited_for "$SCIPIO_LAUNCH_HOOK"; then
    next_question=$(($(uptime_s) + HEARTBEAT_S))
    if [ "$action_open" = no ] && [ -e "$LAUNCHED" ]; then
      give_up_at=$(($(uptime_s) + SCIPIO_READY_WITHIN_S))
    fi
    action_open=yes
  else
    action_open=no
    next_question=$(($(uptime_s) + QUIET_QUESTION_S))
    [ "$(uptime_s)" -ge "$expected_until" ] || next_question=$(($(uptime_s) + QUESTION_S))
  fi
}

launch() {
  if ready; then
    result=CONTINUE
  elif [ "$(uptime_s)" -ge "$give_up_at" ]; then
    result=ABANDON
    send_journal
  else
    return 0
  fi
  echo "launch: $result after $(uptime_s) s"
  # Where only the answer got lost, the next heartbeat is refused.
  if autoscaling complete-lifecycle-action "$SCIPIO_LAUNCH_HOOK" "$result"; then
    action_open=no
    expected_until=0
    next_question=$(($(uptime_s) + QUIET_QUESTION_S))
    touch "$LAUNCHED"
  fi
}

# The load balancer's checks only lead visitors elsewhere. The agent ends a JVM that says nothing, its
# threads in the log, and systemd starts the node again: only a node that stays away takes the server
# with it.
look() {
  [ "$(uptime_s)" -ge "$next_look" ] || return 0
  next_look=$(($(uptime_s) + LOOK_S))
  if [ -z "$alive_at" ]; then
    alive_at=$(uptime_s)
  elif alive; then
    alive_at=$(uptime_s)
    lower_rights || true
  elif [ $(($(uptime_s) - alive_at)) -ge "$SCIPIO_BACK_WITHIN_S" ]; then
    echo "the node has not served for $SCIPIO_BACK_WITHIN_S s: its server is replaced"
    send_journal
    ! replace_server || alive_at=$(uptime_s)
  fi
}

in_service() {
  # Back from Standby: the group waits for the node as at its launch.
  case $state in
    '' | InService) ;;
    *) next_question=0 expected_until=$(($(uptime_s) + HEARTBEAT_S)) ;;
  esac
  [ "$(uptime_s)" -lt "$next_question" ] || ask
  if [ "$action_open" = yes ]; then launch; else look; fi
}

stopped() {
  case $(systemctl is-active scipio-node.service) in
    inactive | failed) return 0 ;;
    *) return 1 ;;
  esac
}

# The metadata announce the end early: the group waits for this server once its load balancer has let
# go, and until then the node answers what it was asked.
let_go() {
  [ -n "$let_go_by" ] || let_go_by=$(($(uptime_s) + SCIPIO_LET_GO_WITHIN_S))
  waited_for "$SCIPIO_TERMINATE_HOOK" || [ "$(uptime_s)" -ge "$let_go_by" ]
}

# Stopping it drains it: the agent ends when its jobs have, or at their limit.
drain() {
  drain_until=$(($(uptime_s) + SCIPIO_DRAIN_WITHIN_S))
  next_heartbeat=$(($(uptime_s) + HEARTBEAT_S))
  systemctl stop --no-block scipio-node.service
  while ! stopped && [ "$(uptime_s)" -lt "$drain_until" ]; do
    if [ "$(uptime_s)" -ge "$next_heartbeat" ]; then
      next_heartbeat=$(($(uptime_s) + HEARTBEAT_S))
      waited_for "$SCIPIO_TERMINATE_HOOK" || true
    fi
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
  replace_server || true
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
  seen=$(metadata autoscaling/target-lifecycle-state || true)
  case $seen in
    InService) in_service ;;
    Terminated) ! let_go || ! drain || exit 0 ;;
  esac
  [ -z "$seen" ] || state=$seen
  if [ "$interrupted" = no ] && metadata spot/instance-action > /dev/null; then interrupt; fi
  sleep "$POLL_S"
done
