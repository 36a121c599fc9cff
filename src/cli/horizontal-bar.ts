// A bar of text, to an eighth of a character where the screen can show that.

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Always `width` characters. A value beyond `end` fills it and ends in a break mark; null is empty. */
export function horizontalBar(given: {
  readonly value: number | null;
  readonly end: number;
  readonly width: number;
  readonly isRich: boolean;
}): string {
  const { value, end, width, isRich } = given;
  const full = isRich ? "█" : "#";
  if (value === null) return " ".repeat(width);
  if (value > end) return `${full.repeat(Math.max(0, width - 2))}${isRich ? "╱╱" : "//"}`.slice(0, width);
  const eighths = Math.max(1, Math.round((value / end) * width * 8));
  const rest = isRich ? (EIGHTHS[eighths % 8] ?? "") : eighths % 8 >= 4 ? full : "";
  return (full.repeat(Math.floor(eighths / 8)) + rest).padEnd(width).slice(0, width);
}
