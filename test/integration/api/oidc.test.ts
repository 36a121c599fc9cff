// Tokens of an identity provider that really serves its keys: who is let in as whom, and what is refused.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FOREIGN, KEYS, OWN, OWN_VM, type RunningService, startService } from "./running-service.ts";

const ISSUER = "https://login.example";
const AUDIENCE = "headroom";

let provider: Server;
let service: RunningService;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  keys = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256", use: "sig" };
  provider = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  const oidc = {
    ...{ issuer: ISSUER, audience: AUDIENCE, jwksUrl: `http://127.0.0.1:${port}/keys` },
    ...{ customerClaim: "tenant", roleClaim: "kind", scopeClaim: "scope" },
  };
  service = await startService({ ticks: 2, access: { kind: "keys", oidc } });
});
afterAll(async () => {
  await service.close();
  provider.close();
});

interface TokenOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string;
  readonly key?: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
}

function tokenOf(claims: JWTPayload, options: TokenOptions = {}): Promise<string> {
  const { issuer = ISSUER, audience = AUDIENCE, expires = "5 minutes", key = keys.privateKey } = options;
  return new SignJWT({ sub: "ada", ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key);
}

async function statusOf(token: string): Promise<number> {
  const answer = await service.clientOf(token).getVm({ id: OWN_VM });
  return answer.ok ? 200 : answer.error.status;
}

test("an operator and a customer come in as what they are, with their scopes", async () => {
  const operator = service.clientOf(await tokenOf({ kind: "operator", scope: "read write" }));
  expect(await operator.putCustomer({ id: "by-token", body: { name: "x" } })).toMatchObject({ ok: true });
  const changes = await operator.listChanges({ query: { target: "by-token" } });
  expect(changes).toMatchObject({ value: { items: [{ by: "oidc:ada" }] } });
  const own = await tokenOf({ kind: "customer", tenant: OWN });
  expect(await statusOf(own)).toBe(200);
  const body = { plan: "standard" as const, optedIn: [] };
  expect(await service.clientOf(own).putContract({ id: OWN, body })).toMatchObject({ error: { status: 403 } });
  expect(await statusOf(await tokenOf({ kind: "customer", tenant: FOREIGN }))).toBe(404);
  expect(await statusOf(KEYS.own)).toBe(200);
});

test("a token of another issuer, audience or key, one that is over, and one that says nothing are refused", async () => {
  const claims = { kind: "customer", tenant: OWN };
  const other = await generateKeyPair("ES256");
  expect(await statusOf(await tokenOf(claims, { issuer: "https://elsewhere.example" }))).toBe(401);
  expect(await statusOf(await tokenOf(claims, { audience: "other" }))).toBe(401);
  expect(await statusOf(await tokenOf(claims, { expires: "2 minutes ago" }))).toBe(401);
  expect(await statusOf(await tokenOf(claims, { key: other.privateKey }))).toBe(401);
  expect(await statusOf("not.a.token")).toBe(401);
  const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada","kind":"operator"}')}.`.replaceAll("=", "");
  expect(await statusOf(unsigned)).toBe(401);
  expect(await statusOf(await tokenOf({ kind: "customer" }))).toBe(403);
  expect(await statusOf(await tokenOf({ kind: "customer", tenant: "../x" }))).toBe(403);
  expect(await statusOf(await tokenOf({ tenant: OWN }))).toBe(403);
});
