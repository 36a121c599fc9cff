// Colours for the canvas, read from the style sheet: the tokens stay the only table of colours.
const NAMES = [
  "ink",
  "ink2",
  "ink3",
  "rule",
  "rule2",
  "lease",
  "buffer-ground",
  "base",
  "base-s",
  "fc",
  "bad",
  "future",
  "surface",
] as const;
type ColourName = (typeof NAMES)[number];
export type Palette = Readonly<Record<ColourName, string>>;

/** Resolved for the theme in force now; read again when it changes. */
export function readPalette(): Palette {
  const probe = document.createElement("i");
  document.body.append(probe);
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Palette;
}

/** "rgb(1, 2, 3)" at an opacity. */
export function faded(colour: string, opacity: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`);
}

/** The buffer's hatching, at the density of the screen. */
export function hatching(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | string {
  const ratio = devicePixelRatio;
  const tile = document.createElement("canvas");
  const size = Math.round(7 * ratio);
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext("2d");
  if (!pen) return palette["buffer-ground"];
  pen.fillStyle = palette["buffer-ground"];
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = faded(palette.lease, 0.5);
  pen.lineWidth = 1.15 * ratio;
  pen.lineCap = "square";
  pen.beginPath();
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? palette["buffer-ground"];
}
