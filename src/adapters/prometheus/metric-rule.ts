// What a metric means: the rules as data. Ready ones and people's own have the same form.
import type { Resource } from "../../model/resources.ts";

export interface MetricRule {
  /**
   * Rules of one source and resource are added up: received and sent bytes. Of several sources that tell the same resource of a VM in
   * one scrape the first that is whole stands.
   */
  readonly source: string;
  readonly metric: string;
  readonly resource: Resource;
  /** Counter: the rate of each series is what counts, per second. Never told by the name of the metric. */
  readonly kind: "counter" | "gauge";
  /** To cores, bytes or bytes/s. */
  readonly factor: number;
  /** A gauge of the same VM and scrape that is taken off, or multiplied by; without it there is no amount. */
  readonly less?: string;
  readonly times?: string;
  /** Which VM it is, from its labels: "{namespace}:{name}"; the first of which all labels are there. `{x|host}`: without the port; `{x|uuid}`: the UUID in it. */
  readonly vm: readonly string[];
  /** Labels that must, or must not, be like this: a regular expression for the whole value. */
  readonly where?: Readonly<Record<string, string>>;
  readonly unless?: Readonly<Record<string, string>>;
}

export interface MetricMapping {
  /** Sources in order of preference. */
  readonly rules: readonly MetricRule[];
  /** VM ids by what the labels call them, where the two differ. */
  readonly vms: ReadonlyMap<string, string>;
}

export type Labels = ReadonlyMap<string, string>;

const VM_ID_LENGTH_MAX = 128;

/** Undefined: the labels name no VM. Characters that an id cannot have become dashes: "qemu/100" is "qemu-100". */
export function vmOf(
  labels: Labels,
  templates: readonly string[],
  { vms }: Pick<MetricMapping, "vms">,
): string | undefined {
  for (const template of templates) {
    const told = filled(template, labels);
    if (told === undefined) continue;
    const id = vms.get(told) ?? told.replaceAll(/[^A-Za-z0-9._:-]/g, "-").replace(/^[^A-Za-z0-9]+/, "");
    if (id !== "") return id.slice(0, VM_ID_LENGTH_MAX);
  }
  return undefined;
}

/** A label's name, and what of its value counts. */
export const LABEL_IN_TEMPLATE = /\{([^{}|]+)(?:\|(host|uuid))?\}/g;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

function cut(value: string, form: string | undefined): string {
  if (form === "uuid") return UUID.exec(value)?.[0] ?? "";
  return form === "host" ? value.replace(/:\d+$/, "") : value;
}

function filled(template: string, labels: Labels): string | undefined {
  let isWhole = true;
  const told = template.replaceAll(LABEL_IN_TEMPLATE, (_, name: string, form?: string) => {
    const value = cut(labels.get(name) ?? "", form);
    if (value === "") isWhole = false;
    return value;
  });
  return isWhole ? told : undefined;
}
