// A month of billing at the command line, on a service whose cell really ticks: prices, usage, an invoice, checked by who received it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import type { Commands } from "../../../src/cli/commands.ts";
import { NO_SERVICE } from "../../../src/cli/no-service.arbitrary.ts";
import { runProgram } from "../../../src/cli/program.ts";
import { connect } from "../../../src/main/remote/connect.ts";
import { readDocument } from "../../../src/main/remote/read-document.ts";
import { verifyInvoice } from "../../../src/main/remote/verify-invoice.ts";
import { KEYS, OWN, type RunningService, startService } from "../api/running-service.ts";

let service: RunningService;
const folder = mkdtempSync(join(tmpdir(), "headroom-billing-"));

beforeAll(async () => {
  service = await startService({ ticks: 26 });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function headroom(line: string, key: keyof typeof KEYS = "operator") {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 140, isRich: false });
  const commands = {
    policyNames: [],
    modelNames: [],
    faultNames: [],
    version: "0",
    service: { ...NO_SERVICE, connect, readDocument, verifyInvoice },
  };
  const argv = [...line.split(" "), "--server", service.address, "--key", KEYS[key]];
  const code = await runProgram({
    ...{ argv, terminal: { out: screen(out), err: screen(err), zone: "UTC" } },
    commands: commands as unknown as Commands,
  });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

test("prices are set from a file, and a file that is wrong is refused with the field's name", async () => {
  const file = join(folder, "prices.yaml");
  writeFileSync(file, JSON.stringify({ ...ROUTES.putPriceBook.example.body, currency: "EURO" }));
  expect(await headroom(`price-book set ${file}`)).toMatchObject({ code: 1, err: expect.stringContaining("currency") });
  writeFileSync(file, JSON.stringify(ROUTES.putPriceBook.example.body));
  expect(await headroom(`price-book set ${file}`)).toMatchObject({ code: 0, err: "" });
  const shown = await headroom("price-book show", "own");
  expect(shown.out).toContain("predictive premium from 0");
  expect(await headroom(`price-book set ${file}`, "own")).toMatchObject({ code: 1 });
});

test("usage and the draft are shown, and the invoice stands up to being worked out again", async () => {
  expect((await headroom(`usage ${OWN}`, "own")).out).toContain(`${OWN}-web-1`);
  const draft = await headroom(`invoice ${OWN}`, "own");
  expect(draft.out).toMatch(/Draft for thistlemere, 2026-03 \(UTC\)/);
  expect(draft.out).toMatch(/base cpu +predictive/);
  const told = await headroom(`invoice ${OWN} --json`, "own");
  const file = join(folder, "invoice.json");
  writeFileSync(file, told.out);
  const verified = await headroom(`verify-invoice ${file}`, "own");
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toMatch(/Every line is what \d+ usage records/);
  const invoice = JSON.parse(told.out) as { lines: { amount: number }[]; total: number };
  const [first, ...rest] = invoice.lines;
  if (first === undefined) throw new Error("no lines");
  writeFileSync(file, JSON.stringify({ ...invoice, lines: [{ ...first, amount: first.amount + 1 }, ...rest] }));
  const forged = await headroom(`verify-invoice ${file}`, "own");
  expect(forged.code).toBe(1);
  expect(forged.out).toMatch(/add up|usage and price book make/);
  expect(await headroom(`verify-invoice ${file}`, "foreign")).toMatchObject({ code: 1 });
});

test("a month that is over becomes final with a number, and is exported", async () => {
  expect((await headroom(`invoice ${OWN} --final`)).code).toBe(2);
  expect((await headroom(`invoice ${OWN} --final --month 2026-02`)).out).toContain("Invoice 2026-000001");
  expect((await headroom(`invoice ${OWN} --list`, "own")).out).toContain("2026-000001");
  expect((await headroom(`invoice ${OWN} --focus`, "own")).out).toMatch(/^BilledCost,.*\n.*thistlemere/);
  expect((await headroom(`service-report ${OWN}`, "own")).code).toBe(0);
  expect((await headroom(`profile-score ${OWN}`, "own")).out).toContain("is bronze");
  expect((await headroom("plan-costs --cpu 0.012")).out).toMatch(/predictive +\d/);
  expect((await headroom("plan-costs", "own")).code).toBe(1);
});
