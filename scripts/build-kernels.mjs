// Compiles the kernels of the network to WebAssembly and writes them, as base64, to kernels-wasm.ts beside them.
//   --check  writes nothing: exit code 1 says that the file is not what the sources give
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const FOLDER = "src/forecast/network/kernels";
const TARGET = "src/forecast/network/kernels-wasm.ts";
/** Only imported by the others: what it exports takes vectors, which nothing outside could pass. */
const INNER = "functions.as.ts";

const wanted = sourceOf(await compile());
if (!process.argv.includes("--check")) writeFileSync(join(ROOT, TARGET), wanted);
else if (readFileSync(join(ROOT, TARGET), "utf8") !== wanted) {
  process.stderr.write(`${TARGET} is not what ${FOLDER} gives: run node scripts/build-kernels.mjs.\n`);
  process.exit(1);
}

async function compile() {
  const entries = readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith(".as.ts") && name !== INNER);
  const written = new Map();
  const flags = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--outFile", "kernels.wasm"];
  const { error, stderr } = await asc.main([...entries.sort().map((name) => `${FOLDER}/${name}`), ...flags], {
    readFile: (name, base) => readIfThere(join(ROOT, base, name)),
    writeFile: (name, contents) => written.set(name, contents),
    listFiles: () => [],
  });
  const wasm = written.get("kernels.wasm");
  if (!error && wasm) return wasm;
  process.stderr.write(`The kernels do not compile: ${error?.message ?? "no output"}\n${stderr.toString()}`);
  process.exit(1);
}

/** null is how the compiler learns that it must look elsewhere. */
function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function sourceOf(wasm) {
  return `// The kernels, compiled. Written by scripts/build-kernels.mjs from kernels/*.as.ts; a test compiles them anew and compares.
export const KERNELS_WASM_BASE64: string =
  "${Buffer.from(wasm).toString("base64")}";
`;
}
