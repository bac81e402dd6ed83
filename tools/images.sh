# Sourced by the scripts that make images: where images are kept, and what they are called.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/install.sh"

# The version of the program is that of its images.
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../Directory.Build.props")
registry=${SCLIP_REGISTRY:-sclip}
# TARGET: what an image is called, wherever it is named.
image_name() { echo "${registry%/}/$1:$version"; }

# A store of their own, apart from the images of the machine; layers by overlay where the system has it here, else by copies.
images=${SCLIP_IMAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/sclip/images}
local_sdk=localhost/sclip-base/sdk:10.0
local_aspnet=localhost/sclip-base/aspnet:10.0

image_tool() {
    if [ -z "${image_driver:-}" ]; then
        image_driver=vfs
        ! buildah --storage-driver overlay --root "$images/storage" --runroot "$images/run" info >/dev/null 2>&1 || image_driver=overlay
    fi
    buildah --storage-driver "$image_driver" --root "$images/storage" --runroot "$images/run" "$@"
}

# The folder that the program dotnet is in, behind all links.
dotnet_folder() {
    command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed (dotnet is not on the PATH): https://dotnet.microsoft.com/download" >&2; return 1; }
    dirname "$(readlink -f "$(command -v dotnet)")"
}
