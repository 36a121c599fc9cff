// A person opens the page in a real browser, sees it move, and walks through it by mouse and by keys.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  asLiveSource,
  createTickingSource,
  type TickingSource,
} from "../../src/api/contract/ticking-source.arbitrary.ts";
import { createServer, type HeadroomServer } from "../../src/api/server/server.ts";
import { launchBrowser } from "../browser.ts";

const pageFolder = mkdtempSync(join(tmpdir(), "headroom-dashboard-"));
let browser: Browser;
let source: TickingSource;
let server: HeadroomServer;

beforeAll(async () => {
  // As it is built for people; inside a test run Vite would build React for developers.
  const command = ["node_modules/vite/bin/vite.js", "build", "--outDir", pageFolder, "--logLevel", "warn"];
  execFileSync(process.execPath, command, { env: { ...process.env, NODE_ENV: "production" }, stdio: "inherit" });
  browser = await launchBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server?.close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(pageFolder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

async function open(path: string, given: { width?: number; dark?: boolean; history?: number } = {}): Promise<Opened> {
  source = createTickingSource({ history: given.history ?? 300 });
  const made = await createServer({ source: asLiveSource(source), port: 0, pageFolder });
  if (!made.ok) throw new Error(made.error.message);
  server = made.value;
  const page = await browser.newPage({
    viewport: { width: given.width ?? 1440, height: 900 },
    colorScheme: given.dark ? "dark" : "light",
    timezoneId: "Europe/Amsterdam",
  });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${server.address}${path}`);
  return { page, requests, complaints };
}

const sentenceOf = async (page: Page): Promise<string> => {
  const text = await page.getByRole("heading", { level: 1 }).innerText();
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
};
const chartOf = (page: Page, name: RegExp): Locator => page.getByRole("img", { name });
/** The pixels of a chart, to tell whether it was drawn anew. */
const pixelsOf = (chart: Locator): Promise<string> =>
  chart.locator("canvas").evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ""));

test("numbers and chart move with every tick, and nothing is asked of anybody else", async () => {
  const { page, requests, complaints } = await open("/");
  const chart = chartOf(page, /^CPU over the last 24 hours/);
  await chart.locator("canvas").waitFor();
  expect(await sentenceOf(page)).toMatch(
    /^\d+(\.\d)? cores are ready and \d+(\.\d)? are in use\. Fixed sizes would hold 100\.$/,
  );
  const live = page.getByText(/^Live\. Tick/);
  const [wordsBefore, sentenceBefore, pixelsBefore] = [
    await live.innerText(),
    await sentenceOf(page),
    await pixelsOf(chart),
  ];
  const ticks = Array.from({ length: 30 }, () => source.tick());
  const newest = ticks.at(-1)?.decisions[0]?.sentence ?? "";
  await page.getByText(newest).waitFor();
  expect(await live.innerText()).not.toBe(wordsBefore);
  expect(await sentenceOf(page)).not.toBe(sentenceBefore);
  expect(await pixelsOf(chart)).not.toBe(pixelsBefore);
  expect(requests.filter((url) => !url.startsWith(`${server.address}/`))).toEqual([]);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => document.fonts.check('15px "HR Sans"'))).toBe(true);
});

test("the first load is small: below 150 KB, compressed, fonts and all", async () => {
  const { page, requests } = await open("/");
  await chartOf(page, /^CPU over/).waitFor();
  let total = 0;
  for (const url of requests.filter((each) => !each.includes("/v1/")))
    total += gzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer())).length;
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThan(150_000);
});

test("resources are switched by click and key, and live in the address", async () => {
  const { page, complaints } = await open("/");
  await page.getByRole("button", { name: "Memory" }).click();
  await chartOf(page, /^Memory over the last 24 hours/).waitFor();
  expect(await sentenceOf(page)).toContain("GiB are ready");
  expect(new URL(page.url()).search).toBe("?res=memory");
  await page.keyboard.press("3");
  await chartOf(page, /^Network over/).waitFor();
  expect(await sentenceOf(page)).toMatch(/^[\d.]+ MB\/s are ready and [\d.]+ are in use\.$/);
  await page.goBack();
  await chartOf(page, /^Memory over/).waitFor();
  await page.reload();
  await chartOf(page, /^Memory over/).waitFor();
  await page.keyboard.press("1");
  await chartOf(page, /^CPU over/).waitFor();
  expect(complaints).toEqual([]);
});

test("a customer's page shows day behind and day ahead, and moves", async () => {
  const { page, complaints } = await open("/");
  await page.getByRole("link", { name: /Meridian Cards/ }).click();
  const chart = chartOf(page, /^CPU of Meridian Cards/);
  await chart.locator("canvas").waitFor();
  expect(new URL(page.url()).pathname).toBe("/customers/meridian");
  expect(await page.title()).toBe("Meridian Cards - Headroom");
  expect(await sentenceOf(page)).toMatch(
    /^[\d.]+ cores in use, [\d.]+ allowed\. The coming peak needs about [\d.]+ near \d\d:\d\d/,
  );
  expect(await page.locator(".small-charts canvas").count()).toBe(3);
  const [before, pixels] = [await sentenceOf(page), await pixelsOf(chart)];
  for (let count = 0; count < 5; count++) source.tick();
  await page.waitForFunction(
    (old) => document.querySelector("h1")?.innerText.replaceAll(/[\u00a0\u202f]/g, " ") !== old,
    before,
  );
  expect(await pixelsOf(chart)).not.toBe(pixels);
  await page.getByRole("button", { name: "Storage" }).last().click();
  await chartOf(page, /^Storage of Meridian Cards\. /).waitFor();
  await page.getByRole("link", { name: /Odd & Sons/ }).click();
  await chartOf(page, /^Storage of Odd & Sons\. /).waitFor();
  await page.reload();
  await chartOf(page, /^Storage of Odd & Sons\. /).waitFor();
  expect(complaints).toEqual([]);
});

test("arrow keys read a chart's values, in past and future", async () => {
  const { page } = await open("/customers/meridian");
  const chart = chartOf(page, /^CPU of Meridian Cards/);
  await chart.locator("canvas").waitFor();
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  const tip = page.locator(".tooltip");
  expect(await tip.innerText()).toMatch(/used\s+[\d.]+.cores/);
  for (let count = 0; count < 4; count++) await page.keyboard.press("PageDown");
  await page.waitForFunction(() => document.querySelector(".tooltip")?.textContent?.includes("forecast"));
  expect(await tip.innerText()).toMatch(/1 in 100 above\s+[\d.]+.cores/);
});

test("light and dark: as the system has it, and by the key t, which is kept", async () => {
  const { page, complaints } = await open("/", { dark: true });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const chart = chartOf(page, /^CPU over/);
  await chart.locator("canvas").waitFor();
  expect(await ground()).toBe("rgb(14, 16, 18)");
  const dark = await pixelsOf(chart);
  await page.keyboard.press("t");
  await page.waitForFunction(() => document.documentElement.dataset["theme"] === "light");
  expect(await ground()).toBe("rgb(245, 244, 240)");
  expect(await pixelsOf(chart)).not.toBe(dark);
  await page.reload();
  await chart.locator("canvas").waitFor();
  expect(await ground()).toBe("rgb(245, 244, 240)");
  expect(complaints).toEqual([]);
});

test("at every width nothing sticks out, and no text is smaller than 12 px", async () => {
  for (const path of ["/", "/customers/meridian"]) {
    const { page } = await open(path);
    await page.locator("canvas").first().waitFor();
    for (const width of [390, 700, 800, 1000, 1280, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const seen = await page.evaluate(() => {
        const texts = [...document.querySelectorAll("body *")].filter((element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ""),
        );
        const smallest = Math.min(...texts.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
        return { overflow: document.documentElement.scrollWidth - window.innerWidth, smallest };
      });
      expect({ path, width, ...seen }).toMatchObject({ path, width, overflow: 0 });
      expect(seen.smallest).toBeGreaterThanOrEqual(12);
    }
    await page.close();
    await server.close();
  }
});

test("on a phone the places lie at the bottom and work, and charts show half as many hours", async () => {
  const { page, complaints } = await open("/", { width: 390 });
  await chartOf(page, /^CPU over the last 12 hours/).waitFor();
  const places = await page.getByRole("navigation").boundingBox();
  expect((places?.y ?? 0) + (places?.height ?? 0)).toBe(900);
  await page.getByRole("link", { name: /Meridian Cards/ }).click();
  await page.getByRole("heading", { name: "CPU, last 12 h and next 12 h" }).waitFor();
  await chartOf(page, /^CPU of Meridian Cards/).waitFor();
  await page.getByRole("button", { name: "Network" }).first().click();
  await chartOf(page, /^Network of Meridian Cards\. /).waitFor();
  expect(complaints).toEqual([]);
});

test("it says when nothing is known yet, and shows the fleet as soon as something is", async () => {
  const { page } = await open("/", { history: 0 });
  await page.getByRole("heading", { name: "No tick yet." }).waitFor();
  source.tick();
  await chartOf(page, /^CPU over/).waitFor();
});

test("a customer that is not there is said so", async () => {
  const { page } = await open("/customers/nobody");
  await page.getByText("No customer nobody").waitFor();
  await page.getByRole("link", { name: "Fleet" }).first().click();
  await chartOf(page, /^CPU over/).waitFor();
});

test("when ticks stop, a banner says since when; when they come again, it goes", async () => {
  const { page } = await open("/");
  await chartOf(page, /^CPU over/).waitFor();
  const banner = page.getByRole("status");
  await banner.getByText(/^No tick for .* The page goes on as soon as ticks come in\.$/).waitFor();
  source.tick();
  await banner.waitFor({ state: "detached" });
});

test("when the server goes away and comes back, the page finds it again by itself", async () => {
  const { page } = await open("/");
  await chartOf(page, /^CPU over/).waitFor();
  const port = Number(new URL(server.address).port);
  await server.close();
  await page.getByText(/^No connection to Headroom/).waitFor();
  const again = await createServer({ source: asLiveSource(source), port, pageFolder });
  if (!again.ok) throw new Error(again.error.message);
  server = again.value;
  const next = page.waitForResponse((response) => response.url().endsWith("/v1/fleet") && response.ok());
  await next;
  const newest = source.tick().decisions[0]?.sentence ?? "";
  await page.getByText(newest).waitFor();
});
