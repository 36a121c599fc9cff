// Which addresses may be connected to where a customer names the target: a webhook, a replica, a calendar, a feed. Nothing inside the
// operator's own network is reached by it. Asked of the very address that is connected to, after names are resolved.
import { lookup as resolve } from "node:dns";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";
import { failure, type Result, success } from "../../model/result.ts";

/** Loopback, private, link-local (cloud metadata too), shared, multicast, reserved, and IPv6 forms that lead to such ones. */
const INSIDE = blockListOf([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]);

function blockListOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), familyOf(network));
  }
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

/** Of an IP address: may it be connected to? */
export type AddressRule = (address: string) => boolean;

export interface AllowedAddresses {
  /** Outside of private networks, or in one that the operator named. What is no address is not allowed. */
  readonly isAllowed: AddressRule;
  /** In a network that the operator named: plain HTTP may go there too. */
  readonly isNamed: AddressRule;
  /** The operator named a network. */
  readonly namesAny: boolean;
}

const NETWORKS_MAX = 100;

/** `named` by the operator: "10.20.0.0/16, fd00:1::/64, 192.0.2.7"; none where empty. Fails with "bad-input". */
export function allowAddresses(named: string): Result<AllowedAddresses> {
  const networks = named.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong !== undefined || networks.length > NETWORKS_MAX) {
    const what = wrong === undefined ? `${networks.length} networks` : JSON.stringify(wrong.slice(0, 60));
    return failure("bad-input", `${what}: name at most ${NETWORKS_MAX} networks such as 10.20.0.0/16, with commas.`);
  }
  const list = blockListOf(
    networks.map((network) => (network.includes("/") ? network : `${network}/${bitsOf(network)}`)),
  );
  const isNamed = (address: string) => isIP(address) !== 0 && list.check(address, familyOf(address));
  const isAllowed = (address: string) => isOutside(address) || isNamed(address);
  return success({ isAllowed, isNamed, namesAny: networks.length > 0 });
}

function isNetwork(text: string): boolean {
  const [network = "", prefix, ...rest] = text.split("/");
  if (isIP(network) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsOf(network));
}

function bitsOf(address: string): number {
  return isIPv6(address) ? 128 : 32;
}

/** Of an IP address; what is none is not. IPv4 inside IPv6 (::ffff:10.0.0.1) counts as what it is. */
export function isOutside(address: string): boolean {
  return isIP(address) !== 0 && !INSIDE.check(address, familyOf(address));
}

/** As `dns.lookup`, to all addresses of a name. */
export type Resolver = (
  hostname: string,
  done: (error: Error | null, addresses: readonly { readonly address: string; readonly family: number }[]) => void,
) => void;

const systemResolver: Resolver = (hostname, done) => resolve(hostname, { all: true }, done);

/**
 * Resolves once, and gives the connection the very addresses that were checked. Fails where any address of the name is not allowed,
 * so that no choice of address leads there.
 */
export function lookupAllowed(allows: AddressRule, resolver: Resolver = systemResolver): LookupFunction {
  return (hostname, { all, family }, done) => {
    resolver(hostname, (error, found) => {
      if (error !== null) return done(error, "");
      const wanted = family === 4 || family === 6 ? found.filter((each) => each.family === family) : [...found];
      const [first] = wanted;
      if (first === undefined || !found.every(({ address }) => allows(address)))
        return done(new Error(refusalOf(hostname)), "");
      if (all === true) done(null, wanted);
      else done(null, first.address, first.family);
    });
  };
}

export function refusalOf(hostname: string): string {
  return `${hostname} lies inside a private network that the operator did not allow (allowedNetworks).`;
}
