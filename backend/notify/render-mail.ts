/** Puts a letter on paper: subject, plain text, and HTML that mail programs show the same. Pure. */
import type { Block, Frame, Item, Letter } from "./letter.ts";
import { oneLine } from "./words.ts";

export type Mail = { subject: string; text: string; html: string };

export function renderMail(letter: Letter, frame: Frame): Mail {
  return { subject: oneLine(letter.subject, 90), text: renderText(letter, frame), html: renderHtml(letter, frame) };
}

/** Plain text; without a frame, as the app shows it. */
export function renderText(letter: Letter, frame?: Frame): string {
  const parts = [letter.heading, ...letter.blocks.map(textOf)];
  if (frame) {
    const foot = [
      `${frame.why} Guide: ${frame.helpUrl}`,
      `No more e-mails from Pandora: ${frame.unsubscribeUrl}`,
      `Pandora for ${oneLine(frame.workspaceName)}`,
    ];
    parts.push(["--", ...foot].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case "text":
      return block.text;
    case "heading":
      return `${block.text}\n${"-".repeat(block.text.length)}`;
    case "figures":
      return block.items.map(({ figure, label }) => `${figure} ${label}`).join(" | ");
    case "items":
      return block.items.map(textOfItem).join("\n");
    case "rows":
      return block.rows.map(([label, value]) => `${label}: ${value}`).join("\n");
    case "link":
      return isWeb(block.url) ? `${block.label}: ${block.url}` : "";
    default:
      block satisfies never;
      return "";
  }
}

function textOfItem({ title, detail, note, url, mark }: Item): string {
  const lines = [`* ${mark ? `[${mark}] ` : ""}${title}`, detail, note, isWeb(url) ? url : null];
  return lines.filter((line) => line).join("\n  ");
}

// Tables and inline styles: what every mail program shows. Colours hold on white and where a program darkens the page.
const ink = "#1d2433";
const soft = "#5b6478";
const line = "#e3e6ee";
const accent = "#4b45c6";
const marks = { high: "#b3261e", medium: "#9a6700", low: soft } as const;
const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

function renderHtml(letter: Letter, frame: Frame): string {
  const body = letter.blocks.map(htmlOf).join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light"><title>${escaped(letter.subject)}</title></head>
<body style="margin:0;padding:0;background:#f5f6fb">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f5f6fb"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid ${line};border-radius:12px;${font};color:${ink};font-size:15px;line-height:1.5">
<tr><td style="padding:20px 28px 0;font-size:13px;color:${soft}"><b style="color:${accent}">Pandora</b> &middot; ${escaped(oneLine(frame.workspaceName))}</td></tr>
<tr><td style="padding:6px 28px 24px">
<h1 style="margin:8px 0 12px;font-size:22px;line-height:1.3;font-weight:650">${escaped(letter.heading)}</h1>
${body}
</td></tr></table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;${font};font-size:12px;line-height:1.5;color:${soft}"><tr><td style="padding:16px 28px">
${escaped(frame.why)} <a href="${escaped(frame.helpUrl)}" style="color:${soft}">How notices work</a> &middot; <a href="${escaped(frame.unsubscribeUrl)}" style="color:${soft}">No more e-mails</a>
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case "text":
      return `<p style="margin:0 0 14px${block.soft ? `;color:${soft};font-size:13px` : ""}">${escaped(block.text)}</p>`;
    case "heading":
      return `<h2 style="margin:22px 0 8px;font-size:16px;font-weight:650">${escaped(block.text)}</h2>`;
    case "figures":
      return figuresHtml(block.items);
    case "items":
      return table(block.items.map(itemHtml).join("\n"));
    case "rows":
      return table(block.rows.map(rowHtml).join("\n"));
    case "link":
      return isWeb(block.url) ? buttonHtml(block.label, block.url) : "";
    default:
      block satisfies never;
      return "";
  }
}

function table(rows: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 14px;font-size:15px">${rows}</table>`;
}

function figuresHtml(items: { figure: string; label: string }[]): string {
  const cells = items.map(
    ({ figure, label }) =>
      `<td style="padding:0 24px 0 0"><div style="font-size:24px;font-weight:650;line-height:1.2">${escaped(figure)}</div><div style="font-size:13px;color:${soft}">${escaped(label)}</div></td>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:4px 0 16px"><tr>${cells.join("")}</tr></table>`;
}

function itemHtml({ title, detail, note, url, mark }: Item): string {
  const name = isWeb(url)
    ? `<a href="${escaped(url)}" style="color:${accent};text-decoration:none;font-weight:600">${escaped(title)}</a>`
    : `<b style="font-weight:600">${escaped(title)}</b>`;
  const tag = mark
    ? ` <span style="font-size:12px;font-weight:600;color:${marks[mark]};white-space:nowrap">${mark}</span>`
    : "";
  const more = note ? `<div style="font-size:13px;color:${soft}">${escaped(note)}</div>` : "";
  return `<tr><td style="padding:10px 0;border-top:1px solid ${line}">${name}${tag}<div style="font-size:13px;color:${ink}">${escaped(detail)}</div>${more}</td></tr>`;
}

function rowHtml([label, value]: [string, string]): string {
  const cell = `padding:6px 0;border-top:1px solid ${line}`;
  return `<tr><td style="${cell};padding-right:16px">${escaped(label)}</td><td align="right" style="${cell};white-space:nowrap;font-weight:600">${escaped(value)}</td></tr>`;
}

function buttonHtml(label: string, url: string): string {
  return `<p style="margin:8px 0 14px"><a href="${escaped(url)}" style="display:inline-block;padding:9px 16px;border-radius:8px;background:${accent};color:#ffffff;text-decoration:none;font-weight:600">${escaped(label)}</a></p>`;
}

/** A link from outside may be anything; only pages are linked. */
function isWeb(url: string | null): url is string {
  return url !== null && /^https?:\/\/[^\s<>"]+$/i.test(url);
}

function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => signs[sign]!);
}
