import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeHtml, htmlToText, normaliseHtml, textToHtml } from "../../backend/crm/markup.ts";

describe("text to markup and back", () => {
  test("what looks like markup is text", () =>
    expect(textToHtml("<script>alert(1)</script> & 'co'")).toBe("&lt;script&gt;alert(1)&lt;/script&gt; &amp; 'co'"));
  test("every kind of line end is a break", () => expect(textToHtml("a\nb\r\nc\rd")).toBe("a<br>b<br>c<br>d"));
  test("any text comes back, line ends in one spelling", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        // A no-break space is a space: editors put it in and take it out as they like.
        const plain = text.replace(/\r\n?/g, "\n").replaceAll("\u00a0", " ");
        expect(htmlToText(textToHtml(text))).toBe(plain);
      }),
    ));
  test.each(["&amp;lt;", "&lt;b&gt;", "&nbsp;", "a < b > c", "&#39;", "<br>"])(
    "%j comes back as it was typed",
    (text) => expect(htmlToText(textToHtml(text))).toBe(text),
  );
  test("escaped text has no markup left", () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>]/);
      }),
    ));
  test("block ends are line ends, other tags are nothing", () =>
    expect(htmlToText("<p>a</p><ul><li><b>b</b></li></ul>c<br/>d")).toBe("a\nb\nc\nd"));
});

describe("one spelling", () => {
  test.each([
    ["<p>a</p>", "a"],
    ['<div class="x">\n a </div>', "a"],
    ["<div><p>a</p></div>", "a"],
    ["<p>a</p><p>b</p>", "<p>a</p><p>b</p>"],
    ["a<br/>b<BR />c", "a<br>b<br>c"],
    ["<br>a<br><br>", "a"],
    ["<br><p>a</p>", "a"],
    ["<p><br>a</p>", "a"],
    ["<pre>a</pre>", "<pre>a</pre>"],
    ["it&#39;s &quot;so&quot;", 'it\'s "so"'],
    ['<a title="&quot;x&quot;">a</a>', '<a title="&quot;x&quot;">a</a>'],
  ])("%j is %j", (html, spelling) => expect(normaliseHtml(html)).toBe(spelling));
});
