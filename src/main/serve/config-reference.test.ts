import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configReference } from "./config-reference.ts";

test("docs/operating.md has the table of settings as the schema says", () => {
  const page = readFileSync(new URL("../../../docs/operating.md", import.meta.url), "utf8");
  const [, table] = /<!-- settings -->\n\n([\s\S]*?)\n\n<!-- \/settings -->/.exec(page) ?? [];
  expect(table).toBe(configReference());
});
