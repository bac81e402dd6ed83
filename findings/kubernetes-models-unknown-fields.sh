#!/usr/bin/env bash
# kubernetes-models 5.1.0 (npm): validate() of an object finds wrong types and missing fields, and passes over fields that Kubernetes does not know, as a
# mistyped name is one: "replica" for "replicas" is valid, so is "requestss" of memory. A cluster's server refuses such fields (kubectl's
# --validate=strict), or drops them. Prints what it says of three deployments; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund kubernetes-models@5.1.0 >/dev/null
cat >check.mjs <<'JS'
import { Deployment } from "kubernetes-models/apps/v1";

const deployment = (spec, resources) => new Deployment({
  metadata: { name: "shop" },
  spec: { selector: { matchLabels: { app: "shop" } }, template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "shop", image: "shop", resources }] } }, ...spec },
});
const show = (what, object) => {
  try {
    object.validate();
    console.log(`${what}: valid`);
  } catch {
    console.log(`${what}: refused`);
  }
};
show("replicas: 2", deployment({ replicas: 2 }));
show("replicas: two", deployment({ replicas: "two" }));
show("replica: 2", deployment({ replica: 2 }));
show("resources.requestss", deployment({}, { requestss: { memory: "1Gi" } }));
JS
output=$(node check.mjs)
echo "$output"
expected='replicas: 2: valid
replicas: two: refused
replica: 2: valid
resources.requestss: valid'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
