import { serialize } from "node:v8";
import { expect, test } from "vitest";
import type { CellInput } from "../../../control/loop.ts";
import { runWorld } from "../../../control/signals/announced-world.arbitrary.ts";
import { heardBytes, heardFromBytes, inputBytes } from "./heard-bytes.ts";

test("what is read is what was heard", async () => {
  const { heard } = await runWorld({ days: 0.1, happens: [] });
  expect(heard.length).toBeGreaterThan(10);
  const command = { kind: "command", now: 5, command: { kind: "hand-back", vm: "a" } } as unknown as CellInput;
  const numbered = [...heard, command].map((input, index) => ({ number: 7 + index, bytes: inputBytes(input), input }));
  const read = heardFromBytes(heardBytes(numbered.map(({ number, bytes }) => ({ number, bytes }))));
  expect(read.ok && read.value.map(({ number, input }) => ({ number, input }))).toEqual(
    numbered.map(({ number, input }) => ({ number, input })),
  );
  const bytesOf = (each: readonly { readonly bytes: Uint8Array }[]) => each.map(({ bytes }) => Buffer.from(bytes));
  expect(bytesOf(read.ok ? read.value : [])).toEqual(bytesOf(numbered));
});

test.each([
  [Uint8Array.of(1, 2), "damaged"],
  [serialize({ format: "headroom.heard/0", heard: [] }), "in the form headroom.heard/0"],
  [serialize({}), "in the form undefined"],
  [heardBytes([{ number: 1, bytes: Uint8Array.of(3) }]), "damaged"],
])("anything else is refused", (bytes, why) => {
  expect(heardFromBytes(bytes)).toMatchObject({ ok: false, error: { message: expect.stringContaining(why) } });
});
