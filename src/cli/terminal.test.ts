import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { shownOn, terminalOf, wrapped } from "./terminal.ts";

function stream(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream;
}

test("a terminal is rich for a person who did not ask for plain text", () => {
  const isRich = (isTTY: boolean, env: Record<string, string>) =>
    terminalOf({ stdout: stream(isTTY), stderr: stream(false), env }).out.isRich;
  expect(isRich(true, {})).toBe(true);
  expect(isRich(false, {})).toBe(false);
  expect(isRich(true, { NO_COLOR: "1" })).toBe(false);
  expect(isRich(true, { NO_COLOR: "" })).toBe(true);
  expect(isRich(true, { TERM: "dumb" })).toBe(false);
});

test("nothing from outside can steer the terminal", () => {
  const evil = "vm\u001b[2J\u0007\u009b31m\r\nsecond\u00a0line €\u202f5 ü";
  expect(shownOn({ isRich: true }, evil)).toBe("vm[2J31m second line € 5 ü");
  expect(shownOn({ isRich: false }, evil)).toBe("vm[2J31m second line EUR 5 ?");
});

test("text breaks at spaces, and a long word keeps a line of its own", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrapped("a extraordinarily b", 6)).toEqual(["a", "extraordinarily", "b"]);
  expect(wrapped("", 6)).toEqual([]);
});
