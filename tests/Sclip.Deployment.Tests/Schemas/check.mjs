// Reads a JSON array of Kubernetes objects from standard input and writes, for each, the list of what is wrong with it. The validators of
// @kubernetes-models check types, values and what must be there, and take no notice of fields they do not know. A validator asks an object
// for every field that its schema names: so whatever was never asked for is unknown. Run as: node check.mjs FOLDER, where FOLDER has node_modules.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = join(resolve(process.argv[2]), "node_modules");
const packages = { "keda.sh": "@kubernetes-models/keda", "monitoring.coreos.com": "@kubernetes-models/prometheus-operator" };

async function validatorOf({ apiVersion, kind }) {
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const folder = join(modules, packages[group] ?? "kubernetes-models", ...(packages[group] || group ? [group, version] : [version]));
    let source;
    try {
        source = readFileSync(join(folder, `${kind}.js`), "utf8");
    } catch {
        return null;
    }
    const schema = source.match(/from"((?:\.\.\/)+_schemas\/\w+\.js)"/)[1];
    return (await import(pathToFileURL(join(folder, schema)))).validate;
}

function fieldsOf(value, path, fields) {
    if (value !== null && typeof value === "object") {
        for (const key of Object.keys(value)) {
            fields.add(`${path}/${key}`);
            fieldsOf(value[key], `${path}/${key}`, fields);
        }
    }
    return fields;
}

function watched(value, path, unasked) {
    if (value === null || typeof value !== "object") {
        return value;
    }
    return new Proxy(value, {
        get(target, key) {
            if (typeof key === "symbol") {
                return Reflect.get(target, key);
            }
            unasked.delete(`${path}/${key}`);
            return watched(Reflect.get(target, key), `${path}/${key}`, unasked);
        },
    });
}

async function problemsOf(object) {
    const validate = await validatorOf(object);
    if (!validate) {
        return [`${object.apiVersion} ${object.kind}: no schema`];
    }
    const unasked = fieldsOf(object, "", new Set());
    validate(watched(object, "", unasked));
    const wrong = (validate.errors ?? []).map(error => `${error.instancePath || "/"}: ${error.keyword} ${JSON.stringify(error.params)}`);
    const unknown = [...unasked].filter(path => !unasked.has(path.slice(0, path.lastIndexOf("/")))).map(path => `${path}: unknown field`);
    return [...wrong, ...unknown];
}

const objects = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(objects.map(problemsOf))));
