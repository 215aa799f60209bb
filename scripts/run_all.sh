#!/usr/bin/env bash
# Starts the four services as daemons, in the order that they need, and stops them with Ctrl-C or SIGTERM.
#
#   scripts/run_all.sh                        with ./conf.yaml, or the defaults over ZeroMQ
#   scripts/run_all.sh --config conf.yaml     arguments go to each service
#   ans=device-manager scripts/run_all.sh     all but this one (several with spaces), e.g. to run it in a debugger
#
# For bash from 3.2 on, which macOS has: no `wait -n`, and no "${list[@]}" of a list that may be empty.
set -euo pipefail
# A process group for each: a Ctrl-C is for this script, which ends them in good order.
set -m
cd "$(dirname "$0")/.."

left_out=" ${ans:-} "
# Without a broker in the settings the services talk to each other directly.
if [[ $# -eq 0 && ! -e conf.yaml && ! -e cfg/conf.yaml ]]; then
  export CSMS_BUS_DRIVER="${CSMS_BUS_DRIVER:-zeromq}"
fi
# Node.js and the dependencies are fetched once, not by four at the same time.
node scripts/bootstrap-only.mjs

pids=()
stop() {
  trap - INT TERM
  # csms-server first: what charge points say is still stored while it drains.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[$i]}" 2>/dev/null || true
    wait "${pids[$i]}" 2>/dev/null || true
  done
  exit "${1:-0}"
}
trap 'stop 0' INT TERM

for service in message-manager session device-manager csms-server; do
  if [[ "$left_out" == *" $service "* ]]; then
    echo "$service is left out (ans)"
    continue
  fi
  node scripts/service.mjs "$service" "$@" &
  pids+=($!)
done
if [[ ${#pids[@]} -eq 0 ]]; then
  echo "All services are left out (ans): nothing to do"
  exit 0
fi

# When one ends, all end: a supervisor that starts them again is systemd or the container's.
while true; do
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    status=0
    wait "$pid" || status=$?
    echo "A service ended (exit code $status); the others are stopped"
    stop "$status"
  done
  # In the background, so that a signal is not kept waiting.
  sleep 1 &
  wait $! || true
done
