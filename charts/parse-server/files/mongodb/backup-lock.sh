#!/bin/bash
# Around a backup's copying of this member's files: `lock` before it, `unlock` after it. `unlock` succeeds only where the
# member was locked all the time; where it was not, the copy may be torn, and Velero makes the backup PartiallyFailed.
#
# A lock ends by itself once Velero has given up the copying (`guard`): the members of the set would otherwise refuse
# writes for good. Velero makes one backup after the other (--concurrent-backups). A member that `lock` finds locked was
# locked for a backup that ended without its hook, or for one of another Velero: the lock is kept, without a gap, and the
# first `unlock` takes it off; a second one fails.
set -eu
scripts=$(dirname "$0")
folder=${BACKUP_LOCK_FOLDER:-/tmp/backup-lock}
# UNTIL PROCESS ROLE of the lock, as backup-lock.js names them; UNTIL alone while it is being taken or taken off.
held=$folder/held
# Why the last lock ended before its backup.
lost=$folder/lost
# Time-outs of Velero's, from files that the chart writes.
hook_seconds=$(<"$scripts/hook-seconds")
copy_seconds=$(<"$scripts/copy-seconds")
ANSWER_SECONDS=60

now() { date +%s; }

fail() {
  echo "$1" >&2
  exit 1
}

# Asks backup-lock.js; its last words are the answer, or the reason.
ask() {
  local task=$1 limit=$2 since=${3:-} status=0
  BACKUP_LOCK=$task BACKUP_LOCK_SINCE=$since timeout "$limit" \
    mongosh --quiet --norc --nodb --file "$scripts/backup-lock.js" 9>&- || status=$?
  [[ $status -ne 124 ]] || echo "the database did not answer within $limit s"
  return "$status"
}

write() {
  echo "$2" > "$1.draft"
  mv "$1.draft" "$1"
}

# Takes off every lock. Where that fails, the guard goes on trying.
clear_locks() {
  if ask clear "$ANSWER_SECONDS" > /dev/null; then
    rm -f "$held"
  else
    write "$held" "$(now)"
    start_guard
  fi
}

start_guard() {
  bash "$0" guard > /dev/null 2>&1 < /dev/null 9>&- &
  disown
}

lock() {
  local until since answer limit
  rm -f "$lost"
  if [[ -e $held ]]; then
    read -r until since < "$held" || true
    if [[ -n $since ]] && ask check "$ANSWER_SECONDS" "$since"; then
      write "$held" "$(($(now) + copy_seconds)) $since"
      start_guard
      echo "locked already: the lock of an earlier backup is kept"
      return
    fi
  fi
  # In time to say so before Velero stops waiting.
  limit=$((hook_seconds > 20 ? hook_seconds - 10 : hook_seconds))
  # The server may get the lock after mongosh was stopped: the guard takes it off then.
  write "$held" "$(($(now) + hook_seconds + ANSWER_SECONDS))"
  start_guard
  answer=$(ask clear "$ANSWER_SECONDS") || fail "earlier locks cannot be taken off: $answer"
  if ! answer=$(ask lock "$limit"); then
    write "$held" "$(($(now) + ANSWER_SECONDS))"
    ask clear "$ANSWER_SECONDS" > /dev/null || true
    fail "the member cannot be locked: $answer"
  fi
  write "$held" "$(($(now) + copy_seconds)) ${answer##*$'\n'}"
}

TORN="What is stored of this member's files may be torn"

unlock() {
  local until since answer reason
  if [[ -e $lost ]]; then
    reason=$(<"$lost")
    rm -f "$lost"
    fail "$reason. $TORN"
  fi
  if [[ ! -e $held ]]; then
    clear_locks
    fail "the member was not locked: its pod was made anew, or another backup's end took the lock off. $TORN"
  fi
  read -r until since < "$held" || true
  if [[ -z $since ]]; then
    clear_locks
    fail "the member was not locked: taking the lock failed, or took too long. $TORN"
  fi
  if ! answer=$(ask unlock "$ANSWER_SECONDS" "$since"); then
    clear_locks
    fail "the lock was lost: $answer. $TORN"
  fi
  rm -f "$held"
}

# Ends a lock that is overdue. One guard at a time; ends with the lock.
guard() {
  local until since left
  exec 8>> "$folder/guard"
  flock --nonblock 8 || return 0
  while [[ -e $held ]]; do
    read -r until since < "$held" || true
    left=$((${until:-0} - $(now)))
    if ((left > 0)); then
      sleep $((left < 3 ? left : 3)) 8>&-
      continue
    fi
    exec 9>> "$folder/hooks"
    flock 9
    if [[ -e $held ]]; then
      read -r until since < "$held" || true
      if ((${until:-0} <= $(now))); then
        [[ -z $since ]] || write "$lost" "the lock was taken off after $copy_seconds s, before the backup's end: raise onprem:backup.timeouts.fileSystemBackup"
        clear_locks
      fi
    fi
    exec 9>&-
    [[ ! -e $held ]] || sleep 3 8>&-
  done
}

mkdir -p "$folder"
case $1 in
  lock | unlock)
    exec 9>> "$folder/hooks"
    flock --wait "$((ANSWER_SECONDS * 3))" 9 || fail "another hook is still at work on this member"
    "$1"
    ;;
  guard) guard ;;
  *) fail "say what is to be done: lock, unlock or guard" ;;
esac
