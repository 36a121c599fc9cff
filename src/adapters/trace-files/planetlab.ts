// PlanetLab (CoMon), as published with CloudSim: a folder or tar of a day, a file a VM, 288 lines of whole CPU percent.
// Source: Beloglazov & Buyya, Concurrency and Computation 24(13), 2012. 100 % is taken as one core, the VM's whole size.
import { dirname } from "node:path";
import { type Result, success } from "../../model/result.ts";
import { DAY_MS, TICK_MS_DEFAULT } from "../../model/time.ts";
import { NO_REPAIRS } from "../../model/trace.ts";
import { headOf, isTar, openBytes, textOf } from "./file-bytes.ts";
import { dayOfName, folderNameOf, stemOf } from "./file-names.ts";
import { type FileSamples, sharedCounts, sharedFloats, type TraceFileJob } from "./file-samples.ts";
import { badInput, problemText, type RowProblem, readingFailed, shown } from "./problems.ts";
import { readTarEntries } from "./tar-entries.ts";

const LINES = DAY_MS / TICK_MS_DEFAULT;
/** Seven times what 288 lines need; a file beyond it is something else. */
const FILE_BYTES_MAX = 8 * 1024;
const COLUMNS = ["CPU percent"];
const ONE_CORE = { smallest: 1, largest: 1 };

/** One VM, or all VMs of a tar. Fails with "bad-input", naming file and line. */
export async function readPlanetlabFile(job: TraceFileJob): Promise<Result<FileSamples>> {
  const head = await headOf(job.file);
  if (!head.ok) return head;
  if (isTar(head.value)) return readDayTar(job);
  const bytes = await openBytes(job.file);
  if (!bytes.ok) return bytes;
  try {
    const text = await textOf(bytes.value, FILE_BYTES_MAX);
    const day = dayOfName(folderNameOf(job.file));
    return vmDay({ file: job.file, vm: stemOf(job.file), day, text, lenient: job.lenient });
  } catch (thrown) {
    return readingFailed(job.file, thrown);
  }
}

function readDayTar({ file, lenient }: TraceFileJob): Promise<Result<FileSamples>> {
  const day = dayOfName(stemOf(file));
  return readTarEntries({
    file,
    lenient,
    entryBytesMax: FILE_BYTES_MAX,
    read: ({ name, text }) =>
      vmDay({
        file: `${file}/${name}`,
        vm: stemOf(name),
        day: day ?? dayOfName(folderNameOf(name)),
        text,
        lenient,
      }),
  });
}

interface VmDay {
  readonly file: string;
  readonly vm: string;
  /** Midnight; undefined where no name tells it. */
  readonly day: number | undefined;
  /** Undefined when the file is too large to be one of this format. */
  readonly text: string | undefined;
  readonly lenient: boolean;
}

function vmDay({ file, vm, day, text, lenient }: VmDay): Result<FileSamples> {
  if (text === undefined) return badInput(`${file}: expected ${LINES} lines of whole CPU percent, got far more`);
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const counts = sharedCounts(LINES);
  const cpu = sharedFloats(LINES);
  const problems: string[] = [];
  lines.forEach((line, at) => {
    const problem = lineProblem(line, at);
    if (problem !== undefined) {
      problems.push(problemText({ file, line: at + 1, columns: COLUMNS }, problem));
      return;
    }
    counts[at] = 1;
    cpu[at] = Number(line) / 100;
  });
  const skippedRows = problems.length;
  const rowsRead = lines.length - skippedRows;
  if (lines.length < LINES) problems.push(tooShortText(file, lines.length));
  const [first] = problems;
  if (first !== undefined && (!lenient || rowsRead === 0)) return badInput(first);

  const segment = { vm, firstTick: (day ?? 0) / TICK_MS_DEFAULT, counts, sums: { cpu }, sizes: { cpu: ONE_CORE } };
  const notices = first === undefined ? [] : [`${skippedRows} rows skipped; the first problem: ${first}`];
  if (day === undefined) notices.push(`${dirname(file)}: the name is no day (YYYYMMDD); taken as 1970-01-01`);
  const repairs = { ...NO_REPAIRS, rowsRead, skippedRows };
  return success({ file, stepMs: TICK_MS_DEFAULT, segments: [segment], repairs, notices });
}

function lineProblem(line: string, at: number): RowProblem | undefined {
  if (at >= LINES) return { expected: `the end of the file after ${LINES} lines`, got: shown(line) };
  if (isPercentLine(line)) return undefined;
  return { column: 1, expected: "a whole number from 0 to 100", got: shown(line) };
}

/** Also how the format is recognised. */
export function isPercentLine(line: string): boolean {
  return /^\d{1,3}$/.test(line) && Number(line) <= 100;
}

function tooShortText(file: string, lineCount: number): string {
  const problem = { expected: `${LINES} lines, one for each 5 minutes of the day`, got: `${lineCount}` };
  return problemText({ file, line: lineCount, columns: COLUMNS }, problem);
}
