// HTML and SVG text whose every inserted value is escaped, so that a VM called <script> is only a strange name.

export interface Markup {
  readonly markup: string;
}

type Inserted = string | number | Markup | readonly Markup[];

/** Strings and numbers are escaped; markup goes in as it is; lists are joined. */
export function html(parts: TemplateStringsArray, ...inserted: readonly Inserted[]): Markup {
  return { markup: parts.map((part, index) => part + text(inserted[index] ?? "")).join("") };
}

export const NO_MARKUP: Markup = { markup: "" };

/** For text that this program wrote itself: style sheets, paths of numbers. Never for anything read from outside. */
export function ownMarkup(markup: string): Markup {
  return { markup };
}

function text(inserted: Inserted): string {
  if (typeof inserted === "string") return escapeText(inserted);
  if (typeof inserted === "number") return String(inserted);
  if ("markup" in inserted) return inserted.markup;
  return inserted.map((each) => each.markup).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as text and inside quoted attributes. Control characters, which no name needs, become U+FFFD. */
export function escapeText(raw: string): string {
  const visible = Array.from(raw, (character) => (isControl(character) ? "\uFFFD" : character)).join("");
  return visible.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code < 0x20 && character !== "\n" && character !== "\t") || (code >= 0x7f && code < 0xa0);
}
