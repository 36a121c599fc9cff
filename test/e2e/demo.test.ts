// The real demo as a person starts it: the built program, a real browser, the numbers move.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser.ts";

let demo: ChildProcess;
let address = "";

beforeAll(async () => {
  const parameters = ["dist/main/headroom.js", "demo", "--port", "0", "--vms", "24", "--json"];
  demo = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  if (demo.stdout === null) throw new Error("the demo has no output");
  const [first] = await once(demo.stdout, "data");
  address = JSON.parse(String(first)).address;
});

afterAll(async () => {
  if (demo.exitCode !== null) return;
  demo.kill("SIGTERM");
  await once(demo, "exit");
});

test("the page of the demo shows the simulated fleet, and its numbers move by themselves", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => !request.url().startsWith(address) && faults.push(request.url()));
    await page.goto(address);
    const sentence = page.locator("h1");
    await sentence.filter({ hasText: /cores are ready/ }).waitFor();
    const before = await page.locator("main").innerText();
    await page.waitForFunction((text) => document.querySelector("main")?.innerText !== text, before);
    expect(await page.locator("main").innerText()).not.toBe(before);
    await page
      .getByRole("link", { name: /Larkwhistle Travel/ })
      .first()
      .click();
    await page.getByText("1 in 100").or(page.locator("canvas").first()).first().waitFor();
    await page.keyboard.press("2");
    await page.waitForURL(/res=memory/);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("the API says what each customer is lent, and the stream brings the next tick", async () => {
  const chart = await (await fetch(new URL("/v1/customers/larkwhistle/chart", address))).json();
  expect(chart.leases.length).toBeGreaterThan(0);
  expect(chart.forecast.cpu.quantiles).toHaveLength(288);
  const stream = await fetch(new URL("/v1/live", address));
  const reader = stream.body?.getReader();
  let text = "";
  while (reader && !text.includes("event: tick")) text += new TextDecoder().decode((await reader.read()).value);
  await reader?.cancel();
  expect(text).toContain("event: tick");
});

test("it stops at once when it is told to", async () => {
  demo.kill("SIGTERM");
  const [code] = await once(demo, "exit");
  expect(code).toBe(0);
});
