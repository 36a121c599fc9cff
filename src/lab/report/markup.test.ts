import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeText, html, ownMarkup } from "./markup.ts";

test("what is inserted is text, never markup", () => {
  const name = "<script>alert(1)</script>";
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;script&gt;alert(1)&lt;/script&gt;">&lt;script&gt;alert(1)&lt;/script&gt;</p>',
  );
});

test("markup goes in as it is, lists are joined, numbers are written out", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(html`<ul start=${1.5}>${items}</ul>${ownMarkup("<hr>")}`.markup).toBe(
    "<ul start=1.5><li>a</li><li>&lt;b&gt;</li></ul><hr>",
  );
});

test("no text can leave an element or a quoted attribute, and control characters are shown as such", () => {
  const law = fc.property(fc.string({ unit: "binary" }), (raw) => {
    const escaped = escapeText(raw);
    expect(escaped).not.toMatch(/[<>"']/);
    expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
  });
  fc.assert(law, { seed: 1 });
  expect(escapeText("a\u0000b\u001b[31mc\u009bd")).toBe("a\uFFFDb\uFFFD[31mc\uFFFDd");
});
