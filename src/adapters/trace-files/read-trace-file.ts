// Reads one trace file: a plain function from job to samples, so that it runs as well in a worker thread.
import { type Result, success, unreachable } from "../../model/result.ts";
import { readBitbrainsFile } from "./bitbrains.ts";
import { type FileSamples, skippedFile, type TraceFileJob } from "./file-samples.ts";
import { readLongCsvFile } from "./long-csv.ts";
import { readNabFile } from "./nab.ts";
import { readPlanetlabFile } from "./planetlab.ts";

/** Never throws. With `lenient` a file that cannot be read is one skipped row and a notice, not a failure. */
export async function readTraceFile(job: TraceFileJob): Promise<Result<FileSamples>> {
  const samples = await readAs(job);
  return samples.ok || !job.lenient ? samples : success(skippedFile(job.file, samples.error));
}

function readAs(job: TraceFileJob): Promise<Result<FileSamples>> {
  switch (job.format) {
    case "bitbrains":
      return readBitbrainsFile(job);
    case "planetlab":
      return readPlanetlabFile(job);
    case "csv":
      return readLongCsvFile(job);
    case "nab":
      return readNabFile(job);
    default:
      return unreachable(job.format);
  }
}
