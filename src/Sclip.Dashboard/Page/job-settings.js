// How a job was submitted, as names and values.

import { filePath, jobPath } from "./api.js";
import { h } from "./dom.js";
import { clock } from "./format.js";

/** The parts of a block of details. */
export function jobSettings(job) {
  const row = (name, value) => value === undefined || value === null || value === "" || value === false ? [] : [h("dt", null, name), h("dd", null, String(value))];
  const settings = job.settings;
  const features = job.features_of ? h("a", { href: `#/jobs/${encodeURIComponent(job.features_of)}` }, job.features_of) : null;
  return [
    h("summary", null, "How it was submitted"),
    h("dl", null,
      row("Input", `${job.input.container}/${job.input.prefix ?? ""}${job.input.listed ? " (a list of names)" : ""}`), ...(features ? [h("dt", null, "Labels features of"), h("dd", null, features)] : []), row("Submitted", clock(job.created)), row("Model", job.model), row("Method", settings.method ?? "the model's own"), row("Guide", settings.guide),
      row("Classes", job.labels.map(label => [label.name, ...(label.synonyms ?? [])].join(" / ")).join(", ")), row("Images a shard", job.shard_size), row("Priority", job.priority), row("Device", job.device),
      row("Short side", settings.short_side), row("Window", settings.crop), row("Stride", settings.stride), row("Patch stride", settings.patch_stride), row("Logit scale", settings.logit_scale),
      row("Probability threshold", settings.probability_threshold || null), row("Area threshold", settings.area_threshold), row("PAMR steps", settings.pamr_steps || null), row("PAMR dilations", settings.pamr_steps ? settings.pamr_dilations?.join(", ") : null),
      row("Templates", settings.templates?.length), row("Keeps features", settings.keep_features)),
    h("p", { class: "soft" }, "Masks and results by path: ", h("code", null, filePath(job.id, "masks/…")), ", ", h("code", null, `${jobPath(job.id)}/results`)),
  ];
}
