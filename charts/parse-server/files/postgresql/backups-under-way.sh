# Read by copy-for-backup.sh and discard-copy.sh: one of them works at a time, and they count the backups that may still
# read a copy. Velero does not say for which backup it runs a hook.
#
# $volume, $scripts: set by who reads this file.
# A line a backup: the second (since 1970) from which on Velero has given up the copying.
under_way=$volume/backups-under-way

# A time-out of Velero's in seconds, from a file that the chart writes; 0 where there is none.
seconds() {
  if [ -e "$scripts/$1" ]; then cat "$scripts/$1"; else echo 0; fi
}

# Waits for another hook's script; for as long as a hook may take, since Velero has given up this one then.
began=$(date +%s)
exec 9>> "$volume/.backup-hooks"
hook_seconds=$(seconds hook-seconds)
if [ "$hook_seconds" -gt 0 ]; then timeout "$hook_seconds" flock 9; else flock 9; fi || {
  echo "another backup's hook has been at work on this volume for $hook_seconds s" >&2
  exit 1
}

# Prints the lines of those that are not overdue.
still_under_way() {
  [ -e "$under_way" ] || return 0
  now=$(date +%s)
  while read -r until; do if [ "$until" -gt "$now" ]; then echo "$until"; fi; done < "$under_way"
}

# One more.
add_backup() {
  copy_seconds=$(seconds copy-seconds)
  lines=$(still_under_way)
  { if [ -n "$lines" ]; then echo "$lines"; fi; echo $(($(date +%s) + copy_seconds)); } > "$under_way.draft"
  mv "$under_way.draft" "$under_way"
}

# One less.
drop_backup() {
  lines=$(still_under_way | sed 1d)
  if [ -z "$lines" ]; then rm -f "$under_way"; return; fi
  echo "$lines" > "$under_way.draft"
  mv "$under_way.draft" "$under_way"
}

# Complete copies, one a line.
copies() {
  for version in "$volume"/copy/PG_VERSION "$volume"/copy-*/PG_VERSION; do
    if [ -s "$version" ]; then dirname "$version"; fi
  done
}
