// headroom status: what each cell is doing, and why, in few lines.
import type { Command } from "commander";
import type { CellStatus } from "../../api/contract/operator.ts";
import type { CommandSetting } from "../commands.ts";
import { ageOf, clockIn } from "../local-time.ts";
import { shownOn } from "../terminal.ts";
import { styled } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { told } from "./one-in-detail.ts";

export function statusCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("status")
    .summary("what the service is doing, and why")
    .description("Says what each cell is doing, and why. For operators.")
    .showHelpAfterError("See headroom status --help.");
  withServer(command).action((typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.getStatus(),
      show: ({ cells }, page) => statusLines(cells, Date.now(), page),
    }),
  );
}

function statusLines(cells: readonly CellStatus[], now: number, page: LocalPage): string[] {
  if (cells.length === 0) return told("No cell runs yet: PUT a cell, a pool, a host and its VMs (docs/api.md).", page);
  return cells.flatMap((cell, at) => [
    ...(at > 0 ? [""] : []),
    styled(shownOn(page, cell.cell), "bold", page),
    ...told(cell.sentence, page),
    ...told(tickSentence(cell, now, page), page),
    ...told(countSentence(cell), page),
  ]);
}

function tickSentence({ at, stepSeconds, ticks }: CellStatus, now: number, { zone }: LocalPage): string {
  const rhythm = `a tick every ${ageOf(stepSeconds * 1_000)}`;
  if (at === null) return `No tick yet; ${rhythm}.`;
  return `Last tick ${clockIn(zone, at)}, ${ageOf(now - Date.parse(at))} ago; ${rhythm}, ${ticks} so far.`;
}

function countSentence({ hosts, vms, customers, leases, shadowVms, silentVms }: CellStatus): string {
  const silent = silentVms > 0 ? ` (${silentVms} silent)` : "";
  const parts = [
    counted(hosts, "host"),
    `${counted(vms, "VM")}${silent}`,
    counted(customers, "customer"),
    counted(leases, "lease"),
    counted(shadowVms, "shadow VM"),
  ];
  return `${parts.join(", ")}.`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
