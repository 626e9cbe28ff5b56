#!/bin/sh
# Say what is running where a run takes too long; it ends nothing. Ends with the process named first.
#   watchdog.sh PID SECONDS FOLDER      (FOLDER: where tests/plugins/durations.py says what runs)
set -eu
parent="$1" seconds="$2" folder="$3"
began="$(date +%s)"
while [ $(($(date +%s) - began)) -lt "$seconds" ]; do
  # A sleep that outlived us would hold the output of the run open.
  sleep 1 >/dev/null 2>&1
  kill -0 "$parent" 2>/dev/null || exit 0
done
now="$(date +%s)"
echo
echo "== This run has taken $((seconds / 60)) minutes. What is running:"
for file in "$folder"/running-*; do
  [ -e "$file" ] || continue
  while read -r since test; do
    [ -z "$test" ] || echo "  ${file##*/running-}: $test, for $((now - since)) s"
  done <"$file"
done
if [ -e "$folder/slowest" ]; then
  echo "== The slowest tests so far, in seconds:"
  sed 's/^/  /' "$folder/slowest"
fi
echo "== Load: $(cat /proc/loadavg 2>/dev/null || uptime)"
echo "== Processes, by processor:"
ps -eo pid,ppid,stat,time,pcpu,args --sort=-pcpu 2>/dev/null | cut -c1-160 | head -25 || echo "  (ps is not there)"
