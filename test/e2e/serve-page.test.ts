// The page of a service that asks for keys: a person gives one, sees the fleet, and is told when it is not in force.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asLiveSource, createTickingSource } from "../../src/api/contract/ticking-source.arbitrary.ts";
import { hashOf, newSecret } from "../../src/api/server/api-keys.ts";
import { createServer, type HeadroomServer } from "../../src/api/server/server.ts";
import { declarations } from "../../src/api/views/declarations.ts";
import { createFleetViews } from "../../src/api/views/fleet-views.ts";
import { pricing } from "../../src/api/views/pricing-desk.ts";
import { createMemoryStore } from "../../src/lab/memory-store.ts";
import { failure, success } from "../../src/model/result.ts";
import { instant } from "../../src/model/time.ts";
import { launchBrowser } from "../browser.ts";

const pageFolder = mkdtempSync(join(tmpdir(), "headroom-dashboard-"));
const secret = newSecret();
let browser: Browser;
let server: HeadroomServer;

beforeAll(async () => {
  const command = ["node_modules/vite/bin/vite.js", "build", "--outDir", pageFolder, "--logLevel", "warn"];
  execFileSync(process.execPath, command, { env: { ...process.env, NODE_ENV: "production" }, stdio: "inherit" });
  const store = createMemoryStore();
  const at = instant(Date.now());
  const key = { id: "k", name: "me", role: "operator", scopes: ["read"], createdAt: at } as const;
  await store.keys.add(key, hashOf(secret), { id: "system", at });
  const none = async () => failure("not-found", "There are no models here.");
  const made = await createServer({
    source: asLiveSource(createTickingSource({ history: 50 })),
    port: 0,
    pageFolder,
    access: { kind: "keys" },
    service: {
      store,
      views: createFleetViews(() => []),
      declarations,
      pricing,
      handOvers: {
        ...{ all: () => [], find: () => undefined, checkWebhook: () => success(undefined) },
        ...{ ask: none, giveBack: none },
      },
      models: { list: none, promote: none, rollBack: none },
    },
  });
  if (!made.ok) throw new Error(made.error.message);
  server = made.value;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(pageFolder, { recursive: true });
});

test("a key opens the page, a wrong one is refused with what is wrong, and letters are letters while one types", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(server.address);
  await page.getByRole("heading", { name: "This service asks who you are." }).waitFor();
  expect(await page.getByRole("status").count()).toBe(0);
  await page.getByLabel("Your API key").pressSequentially("hr_t1");
  expect(await page.getByLabel("Your API key").inputValue()).toBe("hr_t1");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("status").waitFor();
  await page.getByLabel("Your API key").fill(secret);
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("heading", { level: 1, name: /cores/ }).waitFor();
  expect(complaints).toEqual([]);
  expect(await page.content()).not.toContain(secret);
  await page.close();
});
