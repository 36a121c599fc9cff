// A file of JSON or YAML, or standard input, as what it says, or as it is.
import { createReadStream } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { failure, type Result, success } from "../../model/result.ts";

const CHARACTERS_MAX = 4_000_000;

/** "bad-input": says what is wrong with it and where. */
export async function readDocument(path: string): Promise<Result<unknown>> {
  const text = await readText(path);
  if (!text.ok) return text;
  try {
    return success(parse(text.value, { maxAliasCount: 10 }));
  } catch (error) {
    const what = error instanceof YAMLParseError ? "is neither JSON nor YAML" : "cannot be read";
    return failure("bad-input", `${nameOf(path)} ${what}: ${reasonOf(error)}.`);
  }
}

/** "bad-input": it cannot be read, or is too large. */
export async function readText(path: string): Promise<Result<string>> {
  try {
    let text = "";
    for await (const part of path === "-" ? process.stdin.setEncoding("utf8") : createReadStream(path, "utf8")) {
      text += String(part);
      if (text.length > CHARACTERS_MAX) return failure("bad-input", `${nameOf(path)} is larger than 4 MB.`);
    }
    return success(text);
  } catch (error) {
    return failure("bad-input", `${nameOf(path)} cannot be read: ${reasonOf(error)}.`);
  }
}

function nameOf(path: string): string {
  return path === "-" ? "Standard input" : path;
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return reason.replace(/[.:]$/, "");
}
