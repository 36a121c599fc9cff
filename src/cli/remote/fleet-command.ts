// headroom customers, vms, hosts: who is there and what each uses and may use, as a table or one in detail.
import type { Command } from "commander";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { CommandSetting } from "../commands.ts";
import { namesOf, wholeNumber } from "../option-values.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { askCustomer, askCustomers, askHost, askHosts, askVm, askVms } from "./fleet-questions.ts";
import { customersLines, hostsLines, vmsLines } from "./fleet-tables.ts";
import { customerLines, hostLines, vmLines } from "./one-in-detail.ts";

interface Typed extends ServerTyped {
  readonly limit: number;
  readonly resources?: Resource[];
  readonly customer?: string;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 2_000;

export function customersCommand(program: Command, setting: CommandSetting): void {
  fleetCommand(program, "customers", "customer").action((id: string | undefined, typed: Typed) =>
    id === undefined
      ? answer(setting, typed, {
          ask: (client) => askCustomers(client, typed.limit),
          show: (value, page) => customersLines(value, typed.resources, page),
        })
      : answer(setting, typed, {
          ask: (client) => askCustomer(client, id),
          show: customerLines,
          whereToLook: "headroom customers lists them.",
        }),
  );
}

export function vmsCommand(program: Command, setting: CommandSetting): void {
  fleetCommand(program, "vms", "VM")
    .option("--customer <id>", "only those of this customer")
    .action((id: string | undefined, typed: Typed) =>
      id === undefined
        ? answer(setting, typed, {
            ask: (client) => askVms(client, typed),
            show: (value, page) => vmsLines(value, typed.resources, page),
          })
        : answer(setting, typed, {
            ask: (client) => askVm(client, id),
            show: vmLines,
            whereToLook: "headroom vms lists them.",
          }),
    );
}

export function hostsCommand(program: Command, setting: CommandSetting): void {
  fleetCommand(program, "hosts", "host").action((id: string | undefined, typed: Typed) =>
    id === undefined
      ? answer(setting, typed, {
          ask: (client) => askHosts(client, typed.limit),
          show: (value, page) => hostsLines(value, typed.resources, page),
        })
      : answer(setting, typed, {
          ask: (client) => askHost(client, id),
          show: hostLines,
          whereToLook: "headroom hosts lists them.",
        }),
  );
}

/** `noun` as people write it, in the singular. */
function fleetCommand(program: Command, name: string, noun: string): Command {
  const command = program
    .command(name)
    .summary(`list ${noun}s, or show one`)
    .description(`Lists ${noun}s with demand, allocation and headroom as of the last tick, or shows one ${noun}.`)
    .argument("[id]", `the ${noun} to show`)
    .option("--resources <names>", "columns for these: cpu,memory,network,storage", namesOf(RESOURCES))
    .option("--limit <n>", "at most so many", wholeNumber({ from: 1, to: LIMIT_MAX }), LIMIT_DEFAULT)
    .showHelpAfterError(`See headroom ${name} --help.`);
  return withServer(command);
}
