// The product's own typeface as CSS with the fonts inside, so that a report needs nothing from outside.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** `rule` makes the CSS of one font. */
export function fontCss(
  rule: (font: { family: string; woff2Base64: string }) => string,
  families: FontFamilies,
): string {
  const { resolve } = createRequire(import.meta.url);
  const face = (family: string, file: string): string =>
    rule({ family, woff2Base64: readFileSync(resolve(file)).toString("base64") });
  return face(families.sans, SANS) + face(families.mono, MONO);
}

interface FontFamilies {
  readonly sans: string;
  readonly mono: string;
}

const SANS = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2";
const MONO = "@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2";
