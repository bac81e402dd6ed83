#!/usr/bin/env bash
# Installs what is missing, runs every test, and ends with what failed and one line: N passed, N failed, N skipped.
# Tests start what they need (RabbitMQ, Azurite, Prometheus, Chromium) on free ports, and stop them.
set -euo pipefail
cd "$(dirname "$0")"
source tools/install.sh

# The SDK and the test platform report their use otherwise.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

install_packages libturbojpeg.so.0=libturbojpeg0 libspng.so.0=libspng0 libwebp.so.7=libwebp7 libheif.so.1=libheif1 \
    /usr/lib/rabbitmq/bin/rabbitmq-server=rabbitmq-server /usr/bin/prometheus=prometheus \
    /usr/bin/buildah=buildah /usr/bin/mmdebstrap=mmdebstrap /usr/bin/chromium=chromium /usr/bin/unzip=unzip /usr/bin/zsh=zsh /usr/bin/fish=fish
install_azurite
install_schemas
install_kubectl

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build Sclip.sln -c Release --nologo -v quiet

# Most tests wait for servers most of the time, so two projects run at once; what each says is shown when it is done.
run() {
    local name status=0
    name=$(basename "$1")
    dotnet test --project "$1" -c Release --no-build --no-progress --report-xunit-trx --report-xunit-trx-filename "$name.trx" --results-directory "$results" >"$results/$name.log" 2>&1 || status=1
    cat "$results/$name.log"
    # A run that was cut off before it wrote its results must not look like one without tests.
    [ -f "$results/$name.trx" ] || { echo "$name wrote no results." >&2; status=1; }
    return $status
}
# The tests of the engines again, on libtorch.
run_on_libtorch() {
    local status=0
    tools/test-libtorch "$results/libtorch.trx" >"$results/libtorch.log" 2>&1 || status=1
    cat "$results/libtorch.log"
    [ -f "$results/libtorch.trx" ] || { echo "The tests on libtorch wrote no results." >&2; status=1; }
    return $status
}
export -f run run_on_libtorch
export results
status=0
# The longest first, so that none of them is left alone at the end.
printf '%s\n' tests/Sclip.{Chaos,Images}.Tests libtorch tests/*.Tests | awk '!seen[$0]++' |
    xargs -P 2 -I{} bash -c 'if [ "$1" = libtorch ]; then run_on_libtorch; else run "$1"; fi' run {} || status=1

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
