import { expect, test } from "vitest";
import { durationMs } from "../../model/time.ts";
import { withinTime } from "./within-time.ts";

const forever = () => {
  for (;;);
};

test("work that ends gives its value, work that throws says why", () => {
  expect(withinTime(durationMs(100), () => 7)).toEqual({ ok: true, value: 7 });
  const thrown = withinTime(durationMs(100), () => JSON.parse("{"));
  expect(thrown).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test("work without end is cut off, also within other work", () => {
  expect(withinTime(durationMs(20), forever)).toMatchObject({ ok: false, error: { kind: "timeout" } });
  const outer = withinTime(durationMs(2_000), () => withinTime(durationMs(20), forever).ok);
  expect(outer).toEqual({ ok: true, value: false });
});
