// A file of JSON or YAML, or standard input, as what it says.
import { createReadStream } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { failure, type Result, success } from "../../model/result.ts";

const CHARACTERS_MAX = 1_000_000;

/** "bad-input": says what is wrong with it and where. */
export async function readDocument(path: string): Promise<Result<unknown>> {
  const name = path === "-" ? "Standard input" : path;
  try {
    let text = "";
    for await (const part of path === "-" ? process.stdin.setEncoding("utf8") : createReadStream(path, "utf8")) {
      text += String(part);
      if (text.length > CHARACTERS_MAX) return failure("bad-input", `${name} is larger than 1 MB.`);
    }
    return success(parse(text, { maxAliasCount: 10 }));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    const what = error instanceof YAMLParseError ? "is neither JSON nor YAML" : "cannot be read";
    return failure("bad-input", `${name} ${what}: ${reason.replace(/[.:]$/, "")}.`);
  }
}
