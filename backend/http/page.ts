/** The frame of the pages we serve ourselves (/help, /docs): one style, no script, readable on a phone and in the dark. */
import { html, raw } from "hono/html";

type Content = ReturnType<typeof html>;

/** @param body HTML that is safe already */
export function pageOf(title: string, body: Content | string) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} · Pandora for CRM</title>
    <style>${raw(style)}</style>
  </head>
  <body>
    <header><a class="home" href="/help">Pandora for CRM</a><nav><a href="/help">Guides</a><a href="/docs">API</a></nav></header>
    <main>${typeof body === "string" ? raw(body) : body}</main>
  </body>
</html>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6478; --line: #e3e6ee; --paper: #fff; --tint: #f5f6fb; --accent: #4b45c6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf2; --soft: #a3abbf; --line: #333a4d; --paper: #161a24; --tint: #1f2532; --accent: #a5a1ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
header { display: flex; justify-content: space-between; gap: 16px; padding: 14px 24px; border-bottom: 1px solid var(--line); }
header nav a { margin-left: 16px; }
.home { font-weight: 650; color: var(--ink); }
main { max-width: 780px; margin: 0 auto; padding: 24px 24px 96px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
h1 { font-size: 30px; line-height: 1.2; margin: 24px 0 12px; }
h2 { font-size: 21px; margin: 40px 0 8px; }
h3, h4 { margin: 24px 0 6px; }
p, li { color: var(--ink); }
blockquote { margin: 16px 0; padding: 2px 16px; border-left: 3px solid var(--accent); background: var(--tint); border-radius: 0 8px 8px 0; }
code { background: var(--tint); padding: 1px 5px; border-radius: 4px; font-size: 0.9em; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font-size: 13px; line-height: 1.5; }
pre code { background: none; padding: 0; font-size: inherit; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 15px; display: block; overflow-x: auto; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: 13px; }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td pre { margin: 0; white-space: pre-wrap; }
td small { display: block; margin-top: 4px; color: var(--soft); }
.day { white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 8px 14px; }
summary { cursor: pointer; }
summary code { overflow-wrap: anywhere; }
summary span { display: block; color: var(--soft); }
.verb { display: inline-block; min-width: 58px; font-size: 12px; color: var(--accent); }
.toc a { margin-right: 12px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 14px; padding: 0; list-style: none; }
.cards a { display: block; height: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 10px; color: var(--ink); }
.cards a:hover { border-color: var(--accent); text-decoration: none; }
.cards b { display: block; margin-bottom: 4px; }
.cards span { color: var(--soft); font-size: 14px; }
`;
