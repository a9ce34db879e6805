#!/bin/sh
# Runs `lernd sync` with the words that the Talend launcher of the same name took. The lernd beside this file is used, else the one in the path. The working folder
# stays, so relative paths are those of the caller.
here=$(dirname -- "$(readlink -f -- "$0")")
if [ -x "$here/lernd" ]; then
  program=$here/lernd
elif program=$(command -v lernd); then
  :
else
  echo "Sync_run.sh: there is no program lernd in $here or in the path; install it beside this file" >&2
  exit 2
fi
exec "$program" sync "$@"
