// Quantiles of one window as a bar: solid up to the first, thinner from each to the next.

const RICH = ["█", "▒", "░"];
const PLAIN = ["#", "=", "-"];

/** Always `width` characters. At most three values, ascending; `mark` is where something came, if it is known. */
export function quantileBar(given: {
  readonly values: readonly number[];
  readonly end: number;
  readonly width: number;
  readonly isRich: boolean;
  readonly mark: number | null;
}): string {
  const { values, end, width, isRich, mark } = given;
  const shades = isRich ? RICH : PLAIN;
  const placeOf = (value: number) => (end > 0 ? Math.min(width, Math.round((value / end) * width)) : 0);
  const places = values.map(placeOf);
  const cells = Array.from({ length: width }, (_, cell) => shades[places.findIndex((place) => cell < place)] ?? " ");
  if (mark !== null && width > 0) cells[Math.min(width - 1, placeOf(mark))] = isRich ? "┃" : "|";
  return cells.join("");
}

const STEPS_RICH = "▁▂▃▄▅▆▇█";
const STEPS_PLAIN = "_.-=+*%#";

/** One character a value, the taller the larger; a space where there is none. */
export function sparkline(values: readonly (number | null)[], isRich: boolean): string {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  const steps = isRich ? STEPS_RICH : STEPS_PLAIN;
  return values
    .map((value) => {
      if (value === null) return " ";
      const step = largest > 0 ? Math.min(steps.length - 1, Math.floor((value / largest) * steps.length)) : 0;
      return steps.charAt(step);
    })
    .join("");
}
