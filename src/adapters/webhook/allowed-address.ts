// Which addresses notices may go to: a customer names the target, so that nothing inside the operator's own network may be
// reached by it. Asked of the address that is connected to, after names are resolved.
import { lookup as resolve } from "node:dns";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";

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

/** Of an IP address; what is none is not allowed. IPv4 inside IPv6 (::ffff:10.0.0.1) counts as what it is. */
export function isOutside(address: string): boolean {
  return isIP(address) !== 0 && !INSIDE.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** As `dns.lookup`; fails where any address of the name lies inside, so that no choice of address leads there. */
export const lookupOutside: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const inside = error === null ? addresses.find(({ address }) => !isOutside(address)) : undefined;
    const [first] = addresses ?? [];
    if (error !== null) done(error, "");
    else if (inside !== undefined || first === undefined) done(new Error(refusalOf(hostname)), "");
    else if (options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

export function refusalOf(hostname: string): string {
  return `${hostname} lies inside a private network; an operator may allow that.`;
}
