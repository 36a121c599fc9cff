// Where text goes and what it can show there: width, colour, more than ASCII. Nothing that comes from outside can steer
// the terminal.

export interface Terminal {
  /** Results. */
  readonly out: Screen;
  /** Progress, notices and problems. */
  readonly err: Screen;
  /** Of the times that are shown: "Europe/Berlin"; that of this machine where left out. */
  readonly zone?: string;
}

export interface Screen {
  readonly stream: NodeJS.WritableStream;
  readonly isTty: boolean;
  readonly columns: number;
  /** Colour and bold, and characters beyond ASCII. Never without a person at the other end. */
  readonly isRich: boolean;
}

const COLUMNS_DEFAULT = 80;

/** Of this process; NO_COLOR (no-color.org) and TERM=dumb ask for plain text. */
export function terminalOf(given: {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Terminal {
  const asksForPlain = (given.env["NO_COLOR"] ?? "") !== "" || given.env["TERM"] === "dumb";
  const screen = (stream: NodeJS.WriteStream): Screen => ({
    stream,
    isTty: stream.isTTY === true,
    columns: stream.columns > 0 ? stream.columns : COLUMNS_DEFAULT,
    isRich: stream.isTTY === true && !asksForPlain,
  });
  return { out: screen(given.stdout), err: screen(given.stderr) };
}

export function printLine(screen: Screen, text = ""): void {
  screen.stream.write(`${text}\n`);
}

const PLAIN: Readonly<Record<string, string>> = { "€": "EUR", "£": "GBP", "\u2212": "-", "\u2019": "'", "×": "x" };

/** Text as this screen can show it: control characters are dropped, special spaces are spaces, ASCII where plain. */
export function shownOn(screen: Pick<Screen, "isRich">, text: string): string {
  const characters = Array.from(text.replace(/[\s\u00a0\u202f]+/g, " "), (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return "";
    return code < 0x7f || screen.isRich ? character : (PLAIN[character] ?? "?");
  });
  return characters.join("");
}

/** Breaks at spaces; a word longer than a line keeps a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
