// A person opens the report of a made-up backtest in a real browser: it is whole, quiet, and fits a phone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderReport } from "../../src/lab/report/page.ts";
import { aPicture, aScorecard } from "../../src/lab/report/scorecard.arbitrary.ts";
import { FONT_FAMILIES, fontFace } from "../../src/lab/report/theme.ts";
import { RESOURCES } from "../../src/model/resources.ts";
import { ASSUMED_PRICES } from "../../src/pricing/price-list.ts";

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "headroom-report-"));
const file = join(folder, "report.html");

beforeAll(async () => {
  writeFileSync(file, reportOfMadeUpBacktest());
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    chromiumSandbox: process.getuid?.() !== 0,
    args: ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function reportOfMadeUpBacktest(): string {
  const name = "atkinson-hyperlegible-next";
  const font = readFileSync(`node_modules/@fontsource-variable/${name}/files/${name}-latin-wght-normal.woff2`);
  return renderReport({
    scorecard: aScorecard(),
    pictures: [
      aPicture({ vm: "report-1", resource: "cpu", size: 4, seed: 3 }),
      aPicture({ vm: "<script>document.title='run'</script>", resource: "memory", size: 2 ** 34, seed: 5 }),
    ],
    prices: ASSUMED_PRICES,
    command: "headroom backtest trace.csv --out report",
    fontCss: fontFace({ family: FONT_FAMILIES.sans, woff2Base64: font.toString("base64") }),
  });
}

interface Opened {
  readonly page: Page;
  /** What it asked for beside itself, and what it complained about. */
  readonly requests: string[];
  readonly complaints: string[];
}

async function open(width: number, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  return { page, requests: requests.filter((url) => !url.startsWith("data:")), complaints };
}

test("the first sentence, every resource's frontier, and the VMs are there", async () => {
  const { page } = await open(1440);
  const headline = await page.getByRole("heading", { level: 1 }).innerText();
  expect(headline.replaceAll("\u00a0", " ")).toMatch(
    /^Headroom holds 1\.\d\d cores for each one used\. The best peer needs 1\.\d\d, fixed sizes 20\.5\.$/,
  );
  for (const resource of RESOURCES) {
    const cards = page.locator(`#${resource} ~ .cols`).first();
    expect(await cards.locator(".frontier path.ours").getAttribute("d")).toMatch(/^M[\d.]+ [\d.]+L/);
    expect(await cards.locator(".frontier .ring").isVisible()).toBe(true);
    expect(await cards.locator(".frontier .gutter text", { hasText: "VPA recommender" }).isVisible()).toBe(true);
  }
  expect(await page.getByText("<script>document.title='run'</script>").first().isVisible()).toBe(true);
  expect(await page.title()).toBe("Backtest of made-up fleet - Headroom");
  await page.close();
});

test("it asks for nothing outside itself and complains about nothing", async () => {
  const { page, requests, complaints } = await open(1440);
  expect(requests).toEqual([pathToFileURL(file).href]);
  expect(complaints).toEqual([]);
  expect(await page.evaluate((family) => document.fonts.check(`15px "${family}"`), FONT_FAMILIES.sans)).toBe(true);
  await page.close();
});

test("at every width nothing sticks out and no text is smaller than 12 px", async () => {
  for (const width of [390, 700, 1000, 1440]) {
    const { page } = await open(width);
    const seen = await page.evaluate(() => {
      const texts = [...document.querySelectorAll("body *")].filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ""),
      );
      const smallest = Math.min(...texts.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
      return { overflow: document.documentElement.scrollWidth - window.innerWidth, smallest };
    });
    expect({ width, ...seen }).toMatchObject({ width, overflow: 0 });
    expect(seen.smallest).toBeGreaterThanOrEqual(12);
    await page.close();
  }
});

test("no label of a frontier covers another, wide or narrow", async () => {
  for (const width of [390, 1440]) {
    const { page } = await open(width);
    const covered = await page.evaluate(() =>
      [...document.querySelectorAll(".frontier > svg")].flatMap((chart) => {
        const labels = [...chart.querySelectorAll("text")].filter((text) => text.getClientRects().length > 0);
        const boxes = labels.map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
        return boxes.flatMap((one, index) =>
          boxes
            .slice(index + 1)
            .filter(({ box }) => box.left < one.box.right && one.box.left < box.right)
            .filter(({ box }) => box.top + 3 < one.box.bottom && one.box.top + 3 < box.bottom)
            .map((other) => `${one.words} / ${other.words}`),
        );
      }),
    );
    expect(covered).toEqual([]);
    await page.close();
  }
});

test("it is dark for who likes it dark, and light on paper", async () => {
  const { page } = await open(1000, "dark");
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await ground()).toBe("rgb(14, 16, 18)");
  await page.emulateMedia({ media: "print" });
  expect(await ground()).toBe("rgb(255, 255, 255)");
  await page.close();
});
