#!/usr/bin/env bash
# Runs tests, and ends with what failed and one line: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "$0")"
source tools/install.sh

usage() {
    cat <<END
./test.sh              runs every test
./test.sh fast         runs the projects whose tests need no server, in about a minute
./test.sh NAME ...     runs the tests of these projects: ./test.sh Sclip.Imaging

It installs what these tests need and the machine lacks, and builds what they use. Tests start their servers (RabbitMQ, Azurite, Prometheus,
Chromium) on free ports, and stop them. What a project's tests need is named in its project file, as TestNeeds; fast are those that need nothing.

Projects:
END
    local project
    for project in "${all[@]}"; do
        printf '  %-20s %s\n' "$project" "$(needs_of "$project")"
    done
}
file_of() { echo "tests/$1.Tests/$1.Tests.csproj"; }
needs_of() { sed -n 's:.*<TestNeeds>\(.*\)</TestNeeds>.*:\1:p' "$(file_of "$1")"; }

all=()
for folder in tests/*.Tests; do
    all+=("$(basename "$folder" .Tests)")
done
whole=yes
chosen=()
for argument in "$@"; do
    whole=
    case $argument in
    -h | --help)
        usage
        exit
        ;;
    fast)
        for project in "${all[@]}"; do
            [ -n "$(needs_of "$project")" ] || chosen+=("$project")
        done
        ;;
    *)
        project=$(basename "$argument" .Tests)
        [ -f "$(file_of "$project")" ] || { echo "There are no tests of $argument. There are those of: ${all[*]}. ./test.sh --help tells more." >&2; exit 2; }
        chosen+=("$project")
        ;;
    esac
done
# The longest first, so that none of them is left alone at the end.
[ -z "$whole" ] || chosen=(Sclip.{Chaos,Dashboard,Dispatcher,Images} libtorch Sclip.{Cli,Segmentation,Workbench} "${all[@]}")
mapfile -t chosen < <(printf '%s\n' "${chosen[@]}" | awk '!seen[$0]++')

# The SDK reports its use otherwise.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

packages=(libturbojpeg.so.0=libturbojpeg0 libspng.so.0=libspng0 libwebp.so.7=libwebp7 libheif.so.1=libheif1)
needs=()
for project in "${chosen[@]}"; do
    [ "$project" = libtorch ] || needs+=($(needs_of "$project"))
done
for need in $(printf '%s\n' "${needs[@]}" | sort -u); do
    case $need in
    azurite) install_azurite ;;
    kubectl) install_kubectl ;;
    schemas) install_schemas ;;
    rabbitmq) packages+=(/usr/lib/rabbitmq/bin/rabbitmq-server=rabbitmq-server) ;;
    prometheus) packages+=(/usr/bin/prometheus=prometheus) ;;
    chromium) packages+=(/usr/bin/chromium=chromium) ;;
    buildah) packages+=(/usr/bin/buildah=buildah /usr/bin/mmdebstrap=mmdebstrap) ;;
    shells) packages+=(/usr/bin/zsh=zsh /usr/bin/fish=fish) ;;
    *) echo "A project file in tests names '$need' as TestNeeds, which $0 does not know." >&2; exit 1 ;;
    esac
done
install_packages "${packages[@]}"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
built=Sclip.sln
if [ -z "$whole" ]; then
    # One build for all of them: a filter names the solution's projects that are wanted, and what they use is built with them.
    built=$results/chosen.slnf
    listed=
    for project in "${chosen[@]}"; do
        listed+="${listed:+, }\"tests\\\\$project.Tests\\\\$project.Tests.csproj\""
    done
    printf '{ "solution": { "path": "%s", "projects": [%s] } }\n' "$PWD/Sclip.sln" "$listed" >"$built"
fi
dotnet build "$built" -c Release --nologo -v quiet

# Shows what a project's tests say once they are done. A run that was cut off before it wrote its results must not look like one without tests.
run() {
    local name=$1 status=0
    if [ "$name" = libtorch ]; then
        tools/test-libtorch "$results/$name.trx" >"$results/$name.log" 2>&1 || status=1
    else
        "tests/$name.Tests/bin/Release/net10.0/$name.Tests" -noColor -result-trx "$results/$name.trx" >"$results/$name.log" 2>&1 || status=1
    fi
    cat "$results/$name.log"
    [ -f "$results/$name.trx" ] || { echo "The tests of $name wrote no results." >&2; status=1; }
    return $status
}
export -f run
export results
status=0
# Most tests wait for servers most of the time: one project more than there are processors keeps them busy.
printf '%s\n' "${chosen[@]}" | xargs -P $(($(nproc) + 1)) -I{} bash -c 'run "$1"' run {} || status=1

# <Counters total="3" executed="3" passed="3" failed="0" ... />; what was not executed was skipped.
count() { cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(count total)
passed=$(count passed)
failed=$(count failed)
skipped=$((total - passed - failed))
if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then
    status=1
fi
# Again at the end, where every log has it.
tools/failed-tests "$results" || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
