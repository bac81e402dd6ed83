#!/usr/bin/env bash
# axe-core 4.11.0 (npm): its rule focus-order-semantics reports the row of a grid or of a treegrid that can have the focus (tabindex="0") as an element without a
# widget role, though ARIA counts row among the widgets and the grid pattern of ARIA's authoring guide lets rows have the focus. A treeitem passes. Pages that
# follow the pattern fail as soon as the rule is on (it is an experimental one). Run in jsdom 26.1.0. Prints what it says of each; fails where it is
# otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund axe-core@4.11.0 jsdom@26.1.0 >/dev/null
cat >check.mjs <<'JS'
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const { window } = new JSDOM(
  `<!doctype html><html lang="en"><title>Jobs</title><main><h1>Jobs</h1>
  <div role="grid" aria-label="Jobs"><div role="row" tabindex="0" id="row-of-grid"><span role="gridcell">One</span></div></div>
  <div role="treegrid" aria-label="Parts"><div role="row" tabindex="0" id="row-of-treegrid"><span role="gridcell">One</span></div></div>
  <div role="tree" aria-label="Folders"><div role="treeitem" tabindex="0" id="treeitem">One</div></div></main></html>`,
  { runScripts: "outside-only" },
);
window.eval(createRequire(import.meta.url)("axe-core").source);
const found = await window.axe.run(window.document, { runOnly: { type: "rule", values: ["focus-order-semantics"] } });
for (const outcome of ["violations", "passes"])
  for (const { nodes } of found[outcome])
    for (const node of nodes) console.log(`${outcome}: ${node.target[0]}${[...node.any, ...node.all].map(check => ` (${check.message})`)[0]}`);
JS
output=$(node check.mjs)
echo "$output"
expected='violations: #row-of-grid (Element does not have a widget role.)
violations: #row-of-treegrid (Element does not have a widget role.)
passes: #treeitem (Element has a widget role.)'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
