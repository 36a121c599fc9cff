// Holds the house as it is drawn in ARCHITECTURE.md. Each rule is shown a fault first, so that it cannot pass by being blind.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  arrowsPointDown,
  filesAreShort,
  filesOpenWithAComment,
  importsOf,
  namesSaySomething,
  noDefaultExports,
  noTestIsSkippedInSilence,
  pureRoomsStayPure,
  type Rule,
  type SourceFile,
} from "./house-rules.ts";

const CONFIGS = ["vite.config.ts", "vitest.config.ts"];
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Everything written by hand below a folder. */
function filesIn(folder: string): SourceFile[] {
  const paths = readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" }).map(
    (path) => `${folder}/${path}`,
  );
  return paths.filter((path) => /\.(tsx?|mjs|css|html)$/.test(path)).map(read);
}

function read(path: string): SourceFile {
  return { path, text: readFileSync(`${ROOT}/${path}`, "utf8") };
}

const house = filesIn("src");
const sources = house.filter(({ path }) => /\.tsx?$/.test(path));
/** All but this file, which has to name what it looks for. */
const everything = [...house, ...["test", "bench", "scripts"].flatMap(filesIn), ...CONFIGS.map(read)].filter(
  ({ path }) => path !== "test/house.test.ts",
);
const faultsOf = (rule: Rule, files: readonly SourceFile[]) => files.flatMap(rule);

const planted = (path: string, text: string): SourceFile => ({ path, text });
const importing = (path: string, ...targets: string[]) =>
  planted(path, targets.map((target) => `import { x } from "${target}";`).join("\n"));

test("there is something to check", () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap(({ text }) => importsOf(text)).length).toBeGreaterThan(300);
});

describe("imports point down", () => {
  test.each([
    importing("src/model/a.ts", "../forecast/b.ts"),
    importing("src/forecast/a.ts", "../shaping/b.ts"),
    importing("src/pricing/a.ts", "../control/ports.ts"),
    importing("src/control/a.ts", "../lab/b.ts"),
    importing("src/adapters/libvirt/a.ts", "../../control/step.ts"),
    importing("src/adapters/libvirt/a.ts", "../../lab/b.ts"),
    importing("src/lab/report/a.ts", "../../adapters/b.ts"),
    importing("src/api/contract/a.ts", "../../control/ports.ts"),
    importing("src/api/client/a.ts", "../server/b.ts"),
    importing("src/api/server/a.ts", "../../lab/b.ts"),
    importing("src/cli/a.ts", "../lab/b.ts"),
    importing("src/dashboard/charts/a.ts", "../../api/server/b.ts"),
    importing("src/cli/a.ts", "../main/b.ts"),
    importing("src/shed/a.ts", "./b.ts"),
    planted("src/model/a.ts", 'export type { X } from "../control/b.ts";'),
    planted("src/model/a.ts", 'const x = await import("../control/b.ts");'),
    planted("src/model/a.ts", 'import "../control/b.ts";'),
    planted("src/model/a.ts", 'import {\n  x,\n  y,\n} from "../control/b.ts";'),
  ])("a fault is found: $path $text", (file) => {
    expect(arrowsPointDown(file)).toHaveLength(1);
  });

  test("what is allowed passes", () => {
    const allowed = [
      importing(
        "src/control/a.ts",
        "./b.ts",
        "../forecast/c.ts",
        "../shaping/c.ts",
        "../pricing/c.ts",
        "../model/c.ts",
      ),
      importing("src/adapters/libvirt/a.ts", "../../control/ports.ts", "../../model/b.ts", "node:fs"),
      importing("src/lab/report/a.ts", "../../control/step.ts", "../score.ts"),
      importing("src/main/a.ts", "../adapters/x/b.ts", "../lab/b.ts", "../api/server/b.ts", "../cli/b.ts"),
    ];
    expect(faultsOf(arrowsPointDown, allowed)).toEqual([]);
  });

  test("every import of the house", () => {
    expect(faultsOf(arrowsPointDown, sources)).toEqual([]);
  });
});

/** Each rule with files that break it, a file that it must not mind, and the files that it holds for. */
const rules: readonly [string, Rule, { broken: SourceFile[]; fine: SourceFile; holds: SourceFile[] }][] = [
  [
    "pure rooms know no world",
    pureRoomsStayPure,
    {
      broken: [
        planted("src/model/a.ts", "const now = Date.now();"),
        planted("src/control/a.ts", "const now = new Date();"),
        planted("src/lab/a.ts", "const dice = Math.random();"),
        planted("src/forecast/a.ts", "const debug = process.env.DEBUG;"),
        planted("src/control/a.ts", "setTimeout(tick, 1000);"),
        planted("src/control/a.ts", "setInterval(tick, 1000);"),
        planted("src/pricing/a.ts", "console.log(price);"),
        importing("src/shaping/a.ts", "node:fs"),
        importing("src/shaping/a.ts", "lodash"),
        importing("src/lab/a.test.ts", "node:fs"),
      ],
      fine: planted("src/model/a.ts", "// Unlike Date.now(), never ambient.\nconst at = new Date(milliseconds);"),
      holds: sources,
    },
  ],
  [
    "files are short",
    filesAreShort,
    {
      broken: [planted("src/model/a.ts", "x;\n".repeat(351))],
      fine: planted("src/model/a.ts", "x;\n".repeat(350)),
      holds: everything,
    },
  ],
  [
    "names say something",
    namesSaySomething,
    {
      broken: [
        "src/model/utils.ts",
        "src/common/a.ts",
        "src/lab/index.ts",
        "src/api/types.test.ts",
        "src/core/a.ts",
      ].map((path) => planted(path, "")),
      fine: planted("src/dashboard/index.html", ""),
      holds: everything,
    },
  ],
  [
    "exports have names",
    noDefaultExports,
    {
      broken: [
        planted("src/lab/a.ts", "export default function () {}"),
        planted("src/lab/a.ts", "export { x as default };"),
        planted("src/lab/vite.config.ts", "export default {};"),
      ],
      fine: planted("vitest.config.ts", "export default {};"),
      holds: everything,
    },
  ],
  [
    "no test is left out in silence",
    noTestIsSkippedInSilence,
    {
      broken: [
        'test.skip("x", () => {});',
        "test.skipIf(!HAS_DATA)('x', run);",
        'describe.only("x", () => {});',
        'test.todo("x");',
        "beforeEach((context) => context.skip(!HAS_DATA));",
      ].map((text) => planted("src/model/a.test.ts", text)),
      fine: planted("test/a.test.ts", 'beforeEach((context) => context.skip(!HAS_DATA, "the traces are not there"));'),
      holds: everything,
    },
  ],
  [
    "files open with what they are",
    filesOpenWithAComment,
    {
      broken: [planted("src/model/a.ts", 'import { x } from "./b.ts";\n// Too late.\n')],
      fine: planted("src/main/a.ts", "#!/usr/bin/env node\n"),
      holds: everything.filter(({ path }) => path.startsWith("src/") && !path.endsWith(".html")),
    },
  ],
];

describe.each(rules)("%s", (_, rule, { broken, fine, holds }) => {
  test.each(broken)("a fault is found: $path $text", (file) => {
    expect(rule(file)).toHaveLength(1);
  });

  test("what is allowed passes", () => {
    expect(rule(fine)).toEqual([]);
  });

  test("every file of the house", () => {
    expect(holds.length).toBeGreaterThan(100);
    expect(faultsOf(rule, holds)).toEqual([]);
  });
});

interface BiomeConfig {
  readonly linter: { readonly rules: Readonly<Record<string, Record<string, unknown>>> };
  readonly overrides: readonly { readonly includes: readonly string[]; readonly linter?: BiomeConfig["linter"] }[];
}

test("the linter holds the length of functions, everywhere but in tests and benches", () => {
  const config: BiomeConfig = JSON.parse(readFileSync(`${ROOT}/biome.json`, "utf8"));
  const name = "noExcessiveLinesPerFunction";
  expect(config.linter.rules["complexity"]?.[name]).toMatchObject({ level: "error", options: { maxLines: 70 } });
  const exempt = config.overrides.filter(({ linter }) => linter?.rules["complexity"]?.[name] !== undefined);
  expect(exempt.flatMap(({ includes }) => includes)).toEqual(["test/**", "**/*.test.ts", "bench/**"]);
});
