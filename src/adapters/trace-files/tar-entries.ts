// The files inside a tar, one after the other, each small enough to be held. What was read before a damage is not used.
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { type Result, success } from "../../model/result.ts";
import { openBytes, textOf } from "./file-bytes.ts";
import { type FileSamples, joinedSamples, skippedFile } from "./file-samples.ts";
import { badInput, readingFailed } from "./problems.ts";

const FILES_IN_TAR_MAX = 50_000;

export interface TarReading {
  readonly file: string;
  readonly lenient: boolean;
  readonly entryBytesMax: number;
  /** `text` is undefined for a file of more than `entryBytesMax` bytes. */
  readonly read: (entry: { name: string; text: string | undefined }) => Result<FileSamples>;
}

/** All files of a tar as one. Fails on the first that cannot be read; with `lenient` only when the tar itself is damaged. */
export async function readTarEntries(reading: TarReading): Promise<Result<FileSamples>> {
  const bytes = await openBytes(reading.file);
  if (!bytes.ok) return bytes;
  const tar = extract();
  const parts: FileSamples[] = [];
  // A failure of the pipeline ends the loop below with the same error.
  const unpacked = pipeline(bytes.value, tar).catch(() => {});
  try {
    for await (const entry of tar) {
      const part = await readEntry(reading, entry);
      if (part === undefined) continue;
      if (!part.ok) return part;
      parts.push(part.value);
      if (parts.length > FILES_IN_TAR_MAX)
        return badInput(`${reading.file}: more than ${FILES_IN_TAR_MAX} files in the tar; split it`);
    }
    await unpacked;
  } catch (thrown) {
    return readingFailed(reading.file, thrown);
  }
  if (parts.length === 0) return badInput(`${reading.file}: there are no files in the tar`);
  return success(joinedSamples(reading.file, parts));
}

type Entry = AsyncIterable<unknown> & { readonly header: Header };

/** Undefined for what is no file or is hidden. */
async function readEntry(reading: TarReading, entry: Entry): Promise<Result<FileSamples> | undefined> {
  const { name, type } = entry.header;
  const text = await textOf(entry, reading.entryBytesMax);
  if (type !== "file" || basename(name).startsWith(".")) return undefined;
  const part = reading.read({ name, text });
  if (part.ok || !reading.lenient) return part;
  return success(skippedFile(`${reading.file}/${name}`, part.error));
}
