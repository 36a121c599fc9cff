// Which addresses may be connected to where a customer names the target, a webhook or a replica: nothing inside the operator's own
// network is reached by it. Asked of the address that is connected to, after names are resolved.
import { lookup as resolve } from "node:dns";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";
import { failure, type Result, success } from "../../model/result.ts";

/** Loopback, private, link-local (cloud metadata too), shared, multicast, reserved, and IPv6 forms that lead to such ones. */
const INSIDE = blockListOf({
  ipv4: [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
  ],
  ipv6: ["::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
});

function blockListOf(subnets: Readonly<Record<"ipv4" | "ipv6", readonly string[]>>): BlockList {
  const list = new BlockList();
  for (const family of ["ipv4", "ipv6"] as const)
    for (const subnet of subnets[family]) {
      const [network = "", prefix] = subnet.split("/");
      list.addSubnet(network, Number(prefix), family);
    }
  return list;
}

export interface AllowedAddresses {
  /** Of an IP address: outside of private networks, or in one that the operator named. What is no address is not allowed. */
  isAllowed(address: string): boolean;
  /** In a network that the operator named: plain HTTP may go there too. */
  isNamed(address: string): boolean;
  /** The operator named a network. */
  readonly namesAny: boolean;
}

/** "bad-input" where one of the networks is none, as "10.20.0.0/16" is. */
export function allowAddresses(networks: readonly string[]): Result<AllowedAddresses> {
  const named = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    const isWhole = isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32);
    if (!isWhole) return failure("bad-input", `"${network}" is no network: write it as 10.20.0.0/16 or fd00:7::/48.`);
    named.addSubnet(address, Number(prefix), familyOf(address));
  }
  const isNamed = (address: string) => isIP(address) !== 0 && named.check(address, familyOf(address));
  return success({
    isNamed,
    namesAny: networks.length > 0,
    isAllowed: (address) => isOutside(address) || isNamed(address),
  });
}

/** IPv4 inside IPv6 (::ffff:10.0.0.1) counts as what it is. */
function isOutside(address: string): boolean {
  return isIP(address) !== 0 && !INSIDE.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

/** As `dns.lookup`; fails where any address of the name is none that is fine, so that no choice of address leads there. */
export function lookupOnly(isFine: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = error === null ? addresses.find(({ address }) => !isFine(address)) : undefined;
      const [first] = addresses ?? [];
      if (error !== null) done(error, "");
      else if (refused !== undefined || first === undefined) done(new Error(refusalOf(hostname)), "");
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

export function refusalOf(hostname: string): string {
  return `${hostname} lies inside a private network that the operator did not allow (customerNetworks)`;
}
