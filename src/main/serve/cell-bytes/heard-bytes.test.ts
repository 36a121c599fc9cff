import { serialize } from "node:v8";
import { expect, test } from "vitest";
import type { CellInput } from "../../../control/loop.ts";
import { runWorld } from "../../../control/signals/announced-world.arbitrary.ts";
import { success } from "../../../model/result.ts";
import { inputBytes, inputFromBytes } from "./heard-bytes.ts";

test("what is read is what was heard", async () => {
  const { heard } = await runWorld({ days: 0.1, happens: [] });
  expect(heard.length).toBeGreaterThan(10);
  const command = { kind: "command", now: 5, command: { kind: "hand-back", vm: "a" } } as unknown as CellInput;
  for (const input of [...heard, command]) expect(inputFromBytes(inputBytes(input))).toEqual(success(input));
});

test.each([
  [Uint8Array.of(1, 2), "damaged"],
  [serialize({ format: "headroom.heard/1", input: {} }), "in the form headroom.heard/1"],
  [serialize({}), "in the form undefined"],
  [serialize(undefined), "damaged"],
])("anything else is refused", (bytes, why) => {
  expect(inputFromBytes(bytes)).toMatchObject({ ok: false, error: { message: expect.stringContaining(why) } });
});
