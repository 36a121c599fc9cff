import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type AllowedAddresses, allowAddresses, lookupAllowed } from "./allowed-address.ts";

function allowing(...networks: readonly string[]): AllowedAddresses {
  const made = allowAddresses(networks.join());
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const { isAllowed } = allowing();

test.each([
  ["127.0.0.1", "loopback"],
  ["10.1.2.3", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["169.254.169.254", "metadata of a cloud"],
  ["100.64.0.1", "shared"],
  ["0.0.0.0", "any"],
  ["255.255.255.255", "broadcast"],
  ["::1", "loopback"],
  ["::", "any"],
  ["fe80::1", "link-local"],
  ["fd00:ec2::254", "unique local"],
  ["::ffff:10.0.0.1", "private, written as IPv6"],
  ["::ffff:a9fe:a9fe", "metadata of a cloud, written as IPv6"],
  ["64:ff9b::a00:1", "private behind NAT64"],
  ["2002:a00:1::", "private behind 6to4"],
  ["lb.example.com", "no address"],
  ["", "nothing"],
])("%s (%s) is not allowed", (address) => {
  expect(isAllowed(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is allowed", (address) => {
  expect(isAllowed(address)).toBe(true);
});

test("a name that leads inside is not resolved", async () => {
  await expect(promisify(lookupAllowed(isAllowed))("localhost", {})).rejects.toThrow(
    "localhost lies inside a private network",
  );
});

test("an operator allows networks inside, those and no others", async () => {
  const named = allowing("10.20.0.0/16", "fd00:7::/48", "127.0.0.0/8", "::1/128");
  const all = ["10.20.3.4", "::ffff:10.20.3.4", "fd00:7::9", "10.21.0.1", "169.254.169.254", "8.8.8.8", "", "lb"];
  expect(all.map((address) => named.isAllowed(address))).toEqual([true, true, true, false, false, true, false, false]);
  expect(named.isNamed("8.8.8.8")).toBe(false);
  await expect(promisify(lookupAllowed(named.isAllowed))("localhost", {})).resolves.toBeDefined();
});

test.each(["10.0.0.0/33", "fd00::/129", "lb.example.com/8", "10.0.0.0/", "/8", "everywhere", "1.1.1.1,".repeat(101)])(
  "%s is no network",
  (network) => {
    expect(allowAddresses(network)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
  },
);
