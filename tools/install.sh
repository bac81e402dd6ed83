# Sourced by the scripts: installs what is missing, and says how where it may not.

# WHAT=PACKAGE ...: Debian packages whose library (by its name) or file (by its path) is not there.
install_packages() {
    local known pair what missing=() sudo=()
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
    for pair in "$@"; do
        what=${pair%%=*}
        if [[ $what == /* ]]; then
            [ -e "$what" ] || missing+=("${pair#*=}")
        else
            [[ $known == *$what* ]] || missing+=("${pair#*=}")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    [ "$(id -u)" = 0 ] || sudo=(sudo -n)
    if ! command -v apt-get >/dev/null || ! { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        echo "${missing[*]} must be installed: sudo $install" >&2
        exit 1
    fi
    echo "Installing ${missing[*]} ..." >&2
    local log
    log=$(mktemp)
    if ! { "${sudo[@]}" apt-get update && DEBIAN_FRONTEND=noninteractive "${sudo[@]}" $install; } >"$log" 2>&1; then
        cat "$log" >&2
        echo "That failed. Try: sudo apt-get update && sudo $install" >&2
        exit 1
    fi
    rm -f "$log"
}

# The Azure Blob emulator, from npm, into SCLIP_AZURITE (else ~/.cache/sclip-tests/azurite).
install_azurite() {
    export SCLIP_AZURITE=${SCLIP_AZURITE:-${XDG_CACHE_HOME:-$HOME/.cache}/sclip-tests/azurite}
    [ -x "$SCLIP_AZURITE/node_modules/.bin/azurite-blob" ] && return 0
    command -v npm >/dev/null || { echo "Node.js with npm is needed for Azurite, the blob emulator." >&2; exit 1; }
    echo "Installing Azurite into $SCLIP_AZURITE ..." >&2
    mkdir -p "$SCLIP_AZURITE"
    npm install --silent --no-audit --no-fund --prefix "$SCLIP_AZURITE" azurite@3.37.0 >&2
}
