import { serialize } from "node:v8";
import { expect, test } from "vitest";
import { runWorld } from "../../control/signals/announced-world.arbitrary.ts";
import { success } from "../../model/result.ts";
import { inputBytes, inputFromBytes } from "./input-bytes.ts";

test("what is read is what was heard", async () => {
  const { heard } = await runWorld({ days: 0.1, happens: [] });
  expect(heard.length).toBeGreaterThan(10);
  for (const input of heard) expect(inputFromBytes(inputBytes(input))).toEqual(success(input));
  const command = { kind: "command", now: 5, command: { kind: "hand-back", vm: "a" } } as never;
  expect(inputFromBytes(inputBytes(command))).toEqual(success(command));
});

test.each([
  [Uint8Array.of(1, 2), "damaged"],
  [serialize({ format: "headroom.heard/0", input: {} }), "in the form headroom.heard/0"],
  [serialize({}), "in the form undefined"],
])("anything else is refused", (bytes, why) => {
  expect(inputFromBytes(bytes)).toMatchObject({ ok: false, error: { message: expect.stringContaining(why) } });
});
