// What strangers wrote, as one line of plain text: no markup, no script, nothing that turns a line around or moves a cursor.
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "-",
  mdash: "-",
  hellip: "...",
  lsquo: "'",
  rsquo: "'",
  ldquo: '"',
  rdquo: '"',
  euro: "\u20ac",
};

/** Read before anything else is done; what lies beyond is not looked at. */
const LENGTH_READ_MAX = 50_000;
/** Markup within markup is written with entities of entities. */
const ROUNDS = 3;

/** The result never has "<" or ">" in it, and at most `lengthMax` characters. */
export function plainText(text: string, lengthMax: number): string {
  let plain = text.slice(0, LENGTH_READ_MAX);
  for (let round = 0; round < ROUNDS; round++) plain = decoded(withoutMarkup(plain));
  plain = withoutMarkup(plain)
    .replaceAll(/[<>]/g, " ")
    // Controls, and marks that change the direction of what follows (Unicode TR 36).
    .replaceAll(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const points = [...plain];
  return points.length <= lengthMax
    ? plain
    : `${points
        .slice(0, lengthMax - 3)
        .join("")
        .trimEnd()}...`;
}

function withoutMarkup(text: string): string {
  return text
    .replaceAll(/<(script|style)\b[^<>]*>[^<]*(?:<(?!\/\1)[^<]*)*(?:<\/\1[^<>]*>|$)/gi, " ")
    .replaceAll(/<!\[CDATA\[|\]\]>/g, " ")
    .replaceAll(/<[/!?a-z][^<>]*>/gi, " ");
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? " " : String.fromCodePoint(point);
  });
}
