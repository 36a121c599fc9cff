// For tests: small trace files written to a folder of their own, and arbitrary damage to them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { pack } from "tar-stream";
import { onTestFinished } from "vitest";
import { BITBRAINS_LAYOUT } from "./bitbrains.ts";

export const BITBRAINS_HEADER = BITBRAINS_LAYOUT.columns.join(";\t");

/** Writes files (name to content) and returns the folder, which goes when the test ends. */
export function written(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headroom-trace-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface BitbrainsRow {
  readonly time: number;
  readonly cores?: number;
  readonly capacityMhz?: number;
  readonly usageMhz?: number;
  readonly sizeKb?: number;
  readonly usageKb?: number;
  readonly disk?: readonly [read: number, write: number];
  readonly network?: readonly [received: number, sent: number];
}

export function bitbrainsText(rows: readonly BitbrainsRow[]): string {
  const lines = rows.map((row) => {
    const { time, cores = 2, capacityMhz = 4000, usageMhz = 1000, sizeKb = 1024, usageKb = 100 } = row;
    const { disk = [1, 2], network = [3, 4] } = row;
    return [time, cores, capacityMhz, usageMhz, 0, sizeKb, usageKb, ...disk, ...network].join(";\t");
  });
  return `${[BITBRAINS_HEADER, ...lines].join("\n")}\n`;
}

export function planetlabText(lines: number, percent = (line: number): number => line % 100): string {
  return Array.from({ length: lines }, (_, line) => `${percent(line)}\n`).join("");
}

export async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes that are no trace: noise, text, and gzip of both. */
export const garbage: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(text)),
  )
  .chain((bytes) => fc.constantFrom(bytes, gzipSync(bytes)));

/** A good text with some stretches of it replaced by something else, packed or not, cut or not. */
export function damaged(text: string): fc.Arbitrary<Buffer> {
  const field = fc.constantFrom(
    "",
    "NaN",
    "-1",
    "Infinity",
    "1e999",
    "0x10",
    "abc",
    "\n",
    "\u0000",
    '"',
    ",",
    ";\t",
    "9",
  );
  const wound = fc.record({ at: fc.nat(text.length), length: fc.nat(12), field });
  return fc
    .record({ wounds: fc.array(wound, { maxLength: 4 }), packed: fc.boolean(), cut: fc.nat(3) })
    .map((damage) => {
      const hurt = damage.wounds.reduce(
        (whole, { at, length, field: put }) => whole.slice(0, at) + put + whole.slice(at + length),
        text,
      );
      const bytes = damage.packed ? gzipSync(hurt) : Buffer.from(hurt);
      return damage.cut === 0 ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
    });
}
