import { expect, test } from "vitest";
import { connect } from "./connect.ts";

const facts = (choice: Parameters<typeof connect>[0], environment = {}) => {
  const made = connect(choice, environment);
  return made.ok ? { address: made.value.address, key: made.value.key } : made.error;
};

test("what is typed goes before the environment, that before the default", () => {
  const environment = { HEADROOM_SERVER: "https://there.example/headroom/", HEADROOM_KEY: "hr_1\n" };
  expect(facts({}, {})).toEqual({ address: "http://127.0.0.1:8710", key: "none" });
  expect(facts({}, environment)).toEqual({ address: "https://there.example/headroom", key: "HEADROOM_KEY" });
  expect(facts({ server: "http://here:1", key: "hr_2" }, environment)).toEqual({
    address: "http://here:1",
    key: "--key",
  });
});

test.each(["nowhere", "ftp://x", "http://user:password@x", "http://x/?a=1"])("%s is no address", (address) => {
  expect(facts({}, { HEADROOM_SERVER: address })).toMatchObject({ kind: "bad-input" });
});

test("what cannot be a key is refused without saying it", () => {
  const refused = facts({ key: "two words" });
  expect(refused).toMatchObject({ kind: "bad-input" });
  expect(JSON.stringify(refused)).not.toContain("two words");
});

test("where nobody answers there is no version, and no waiting", async () => {
  const made = connect({ server: "http://127.0.0.1:1" }, {});
  expect(made.ok && (await made.value.version())).toBeUndefined();
});
