// If-Match and If-None-Match (RFC 9110, section 13): a change is made only to the version that the caller has seen.
import { type Result, success } from "../../model/result.ts";
import { type Refusal, refusal } from "./refusals.ts";

export type Precondition =
  | { readonly kind: "none" }
  | { readonly kind: "version"; readonly version: number }
  /** If-Match: * */
  | { readonly kind: "exists" }
  /** If-None-Match: * */
  | { readonly kind: "absent" };

type Header = string | readonly string[] | undefined;

/** Of a change. One version only: nobody has seen two. */
export function readPrecondition(ifMatch: Header, ifNoneMatch: Header): Result<Precondition, Refusal> {
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    return wrongHeader("If-Match", "cannot be given together with If-None-Match");
  if (ifNoneMatch !== undefined)
    return ifNoneMatch === "*" ? success({ kind: "absent" }) : wrongHeader("If-None-Match", "can only be * here");
  if (ifMatch === undefined) return success({ kind: "none" });
  if (ifMatch === "*") return success({ kind: "exists" });
  const version = typeof ifMatch === "string" ? versionOf(ifMatch) : undefined;
  if (version === undefined) return wrongHeader("If-Match", 'must be one ETag as it was sent, such as "3"');
  return success({ kind: "version", version });
}

/** Of a read: true where the caller has this version already. */
export function hasVersion(ifNoneMatch: Header, version: number): boolean {
  if (typeof ifNoneMatch !== "string") return false;
  return ifNoneMatch.split(",").some((each) => versionOf(each.trim().replace(/^W\//, "")) === version);
}

export function etagOf(version: number): string {
  return `"${version}"`;
}

function versionOf(etag: string): number | undefined {
  const [, digits] = etag.match(/^"(\d{1,15})"$/) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

export function changedMeanwhile(): Result<never, Refusal> {
  const message = "It has another version by now, or is there already: read it again, then decide.";
  return refusal("conflict", message, { status: 412 });
}

function wrongHeader(name: string, detail: string): Result<never, Refusal> {
  const errors = [{ in: "header" as const, pointer: `/${name}`, detail }];
  return refusal("bad-input", `${name} ${detail}.`, { status: 400, errors });
}
