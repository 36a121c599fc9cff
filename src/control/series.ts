// Which VM, host and resource a column's index stands for.
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../model/resources.ts";

/** The resource of a series or a place. */
export const resourceOf = (index: number): Resource => RESOURCES[index % RESOURCE_COUNT] ?? "cpu";

export const vmOf = (series: number): number => Math.floor(series / RESOURCE_COUNT);

export const hostOf = (place: number): number => Math.floor(place / RESOURCE_COUNT);
