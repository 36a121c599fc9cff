import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isOutside, lookupOutside } from "./allowed-address.ts";

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
])("%s (%s) is not outside", (address) => {
  expect(isOutside(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is outside", (address) => {
  expect(isOutside(address)).toBe(true);
});

test("a name that leads inside is not resolved", async () => {
  await expect(promisify(lookupOutside)("localhost", {})).rejects.toThrow("localhost lies inside a private network");
});
