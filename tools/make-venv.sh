#!/bin/sh
# Creates a virtual environment, also on a bare Debian, where the module for it is a package of its own.
# Usage: make-venv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "The concierge needs Python 3.11 or newer; this is $("$python" --version)." >&2; exit 1; }
[ -x "$folder/bin/pip" ] && exit 0
rm -rf "$folder"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        echo "Python's venv module is missing here. Please run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
"$python" -m venv "$folder"
