// The rules of the house that no compiler and no linter holds: each is a function from files to the faults it found.
import { posix } from "node:path";

export interface SourceFile {
  /** From the root of the repository, with slashes: "src/model/money.ts". */
  readonly path: string;
  readonly text: string;
}

/** One plain sentence for each fault, beginning with the path. */
export type Rule = (file: SourceFile) => string[];

/** What each room may import besides itself. A room is the longest name here that begins the path below src/. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  forecast: ["model"],
  signals: ["model"],
  shaping: ["model"],
  pricing: ["model"],
  control: ["model", "forecast", "signals", "shaping", "pricing"],
  adapters: ["model", "control/ports", "control/store-ports", "forecast/network"],
  lab: ["model", "forecast", "signals", "shaping", "pricing", "control"],
  "api/contract": ["model"],
  "api/client": ["model", "api/contract"],
  "api/server": ["model", "control", "api/contract"],
  "api/views": ["model", "forecast", "signals", "shaping", "pricing", "control", "api/contract"],
  cli: ["model", "api/contract", "api/client"],
  dashboard: ["model", "api/contract", "api/client"],
  main: ["model", "forecast", "signals", "shaping", "pricing", "control", "adapters", "lab", "api", "cli", "dashboard"],
};

const PURE_ROOMS = ["model", "forecast", "signals", "shaping", "pricing", "control", "lab"];

export const arrowsPointDown: Rule = ({ path, text }) => {
  const room = roomOf(path);
  if (room === undefined) return [`${path} lies in no room of the house.`];
  return importsOf(text)
    .filter((target) => target.startsWith("."))
    .map((target) => posix.join(posix.dirname(path), target).replace(/^src\//, ""))
    .filter((target) => ![room, ...(ROOMS[room] ?? [])].some((allowed) => isWithin(target, allowed)))
    .map((target) => `${path} imports ${target}: ${room} may not look there.`);
};

/** Pure rooms know no world: no clock, no dice, no process, no timer, no console; and no package but those of tests. */
export const pureRoomsStayPure: Rule = ({ path, text }) => {
  const room = roomOf(path);
  if (room === undefined || !PURE_ROOMS.includes(room)) return [];
  const packages = importsOf(text).filter((target) => !target.startsWith("."));
  const foreign = packages.filter((name) => !isTest(path) || name.startsWith("node:"));
  const ambient = AMBIENT.filter(([pattern]) => pattern.test(withoutComments(text)));
  return [
    ...foreign.map((name) => `${path} imports ${name}: a pure room needs nothing from outside.`),
    ...ambient.map(([, name]) => `${path} uses ${name}: pass it in.`),
  ];
};

const AMBIENT: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, "Date.now"],
  [/\bnew Date\(\s*\)/, "new Date() without argument"],
  [/\bMath\.random\b/, "Math.random"],
  [/\bprocess\.\w/, "process"],
  [/\bset(Timeout|Interval|Immediate)\b/, "a timer"],
  [/\bperformance\.\w/, "performance"],
  [/\bconsole\.\w/, "console"],
];

const LINES_MAX = 350;

export const filesAreShort: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split("\n").length;
  return lines > LINES_MAX ? [`${path} has ${lines} lines: more than ${LINES_MAX}.`] : [];
};

const EMPTY_NAMES = [
  "utils",
  "util",
  "common",
  "helpers",
  "helper",
  "misc",
  "manager",
  "base",
  "core",
  "types",
  "index",
];

export const namesSaySomething: Rule = ({ path }) =>
  path
    .split("/")
    .map((part) => part.replace(/\..*$/, ""))
    // Browsers and Vite look for this one name.
    .filter((name) => EMPTY_NAMES.includes(name) && !path.endsWith("/index.html"))
    .map((name) => `${path}: "${name}" says nothing of what is inside.`);

export const noDefaultExports: Rule = ({ path, text }) =>
  /^export default\b|\bas default\b/m.test(withoutComments(text)) && !/^[^/]+\.config\.ts$/.test(path)
    ? [`${path} has a default export: give it a name.`]
    : [];

/** `skip(condition, "why")` says why; `only` never does. */
export const noTestIsSkippedInSilence: Rule = ({ path, text }) =>
  withoutComments(text)
    .split("\n")
    .filter((line) => /\b(test|it|describe|suite|context)\.(only|skip|skipIf|runIf|todo|fails)\b/.test(line))
    .filter((line) => !/\.skip\([^"]*,\s*(REASON|["`][^"`]{8,}["`])\s*\)/.test(line))
    .map((line) => `${path} leaves out a test without a reason beside it: ${line.trim()}`);

export const filesOpenWithAComment: Rule = ({ path, text }) =>
  isTest(path) || /^(#!|\/\/ \S|\/\*)/.test(text) ? [] : [`${path} does not open with what it is.`];

export function importsOf(text: string): string[] {
  return [...withoutComments(text).matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(
    ([, name]) => name ?? "",
  );
}

function roomOf(path: string): string | undefined {
  const inside = path.replace(/^src\//, "");
  return Object.keys(ROOMS).find((room) => isWithin(inside, room));
}

/** "control/ports.ts" is within "control" and within "control/ports". */
function isWithin(target: string, room: string): boolean {
  return target === room || target.startsWith(`${room}/`) || target.replace(/\.\w+$/, "") === room;
}

function isTest(path: string): boolean {
  return /\.(test|arbitrary)\.tsx?$/.test(path);
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
}
