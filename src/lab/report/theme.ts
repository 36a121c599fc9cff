// Colours of the report: warm paper, ink, and hues with fixed jobs. Light or dark as the reader set it, light on paper.
import { CHART_STYLE } from "./chart-style.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** Names that `fontCss` may define. */
export const FONT_FAMILIES = {
  sans: "Atkinson Hyperlegible Next Variable",
  mono: "Atkinson Hyperlegible Mono Variable",
} as const;

/** A rule for `fontCss`: one upright variable font of the latin range, inside the page. */
export function fontFace({ family, woff2Base64 }: { family: string; woff2Base64: string }): string {
  const source = `url(data:font/woff2;base64,${woff2Base64}) format("woff2")`;
  return `@font-face { font-family: "${family}"; font-weight: 200 800; src: ${source} }\n`;
}

const FONTS = `
  --sans: "${FONT_FAMILIES.sans}", system-ui, "Segoe UI", sans-serif;
  --mono: "${FONT_FAMILIES.mono}", ui-monospace, Menlo, monospace;
`;
const LIGHT = `
  --ground: #F5F4F0; --surface: #FFF; --sunk: #EDECE6; --rule: #E2E0D8; --rule2: #C9C6BB; --ink: #17191C;
  --ink2: #4E5156; --ink3: #6A6D72; --lease: #0B6E75; --lease-s: #CFE3E3; --base: #A9ADB0; --base-s: #D9DBDB;
  --fc: #6748C0; --fc-s: #DDD5F3; --bad: #B01343; --window: #EDECE6; color-scheme: light;
`;
const DARK = `
  --ground: #0E1012; --surface: #15181B; --sunk: #0A0C0D; --rule: #24282C; --rule2: #3A4046; --ink: #ECEAE4;
  --ink2: #B0B3B7; --ink3: #8C9095; --lease: #4DB8BF; --lease-s: #123538; --base: #5E646A; --base-s: #33383D;
  --fc: #AE9AF4; --fc-s: #2F2750; --bad: #FF6F6F; --window: #24282C; color-scheme: dark;
`;

const PAPER = `
@page { margin: 14mm }
@media print {
  html { background: #fff; font-size: 13px; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  :root { ${LIGHT} }
  main { padding: 0; max-width: none }
  .top { padding: 0 0 10px }
  .top nav { display: none }
  .stats { grid-template-columns: repeat(2, minmax(0,1fr)) }
  .card, .stats, figure, tr, .bars li { break-inside: avoid }
  .part, .sub { break-after: avoid }
  .wide { grid-template-columns: minmax(0,1fr) }
  .scroll { overflow: visible }
  table { font-size: 12px }
  th, td { padding-left: 8px }
}
`;

export const STYLE = `
:root { ${FONTS} ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
${PAGE_STYLE}${CHART_STYLE}${PAPER}`;
