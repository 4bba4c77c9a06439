#!/bin/sh
# Starts Evenhand. The first start installs it from the folder wheels, without a network, into the folder .venv.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
venv="$here/.venv"
python="$venv/bin/python"

leave() {
    printf '\n%s\n' "$@" >&2
    if [ -t 0 ]; then printf '\nPress Enter to close. ' >&2; read -r _; fi
    exit 1
}

fits() { "$1" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' > /dev/null 2>&1; }

if ! { [ -f "$venv/installed" ] && fits "$python"; }; then
    found=
    for name in python@PYTHON@ /Library/Frameworks/Python.framework/Versions/@PYTHON@/bin/python3 \
        /opt/homebrew/bin/python@PYTHON@ /usr/local/bin/python@PYTHON@ python3 python; do
        if command -v "$name" > /dev/null 2>&1 && fits "$name"; then found=$name; break; fi
    done
    if [ -z "$found" ]; then
        leave "Evenhand needs Python @PYTHON@, which was not found on this computer." \
            "Get it at @PLACE@ (on a computer with a network; carry the installer over)," \
            "or from your system's packages (python@PYTHON@, with venv), install it, and start this file again."
    fi
    echo "First start: installing Evenhand. This takes a minute or two; no network is used."
    "$found" -m venv --clear "$venv" || leave "The folder .venv could not be made in $here." \
        "Check that this folder may be written to and is not full. On Debian and Ubuntu, install python@PYTHON@-venv."
    "$python" -m pip install --no-index --find-links "$here/wheels" --require-hashes --disable-pip-version-check \
        --no-warn-script-location -q -r "$here/wheels.txt" || leave "Evenhand could not be installed; pip says above why." \
        "A sum that differs means that a file was damaged while copying: copy this folder again." \
        "This folder is for @PLATFORM@ with Python @PYTHON@. Nothing of the computer was changed."
    echo "@PYTHON@" > "$venv/installed" || leave "The folder $venv cannot be written to."
fi

cd "$here/evenhand" || leave "The folder evenhand is missing in $here. Copy the whole folder again."
export STREAMLIT_SERVER_SHOW_EMAIL_PROMPT=false
echo "Evenhand opens in your browser. To stop it, close this window or press Ctrl+C."
exec "$python" -m streamlit run app.py "$@"
