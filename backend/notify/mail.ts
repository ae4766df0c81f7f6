/** Hands one mail to the mail server, and says what became of it. */
import { createTransport } from "nodemailer";
import type { Config } from "../config.ts";
import type { Mail } from "./render-mail.ts";

export type Outgoing = Mail & {
  to: { name: string; address: string };
  /** The same for each try, so that a repeat is recognisable. */
  messageId: string;
  unsubscribeUrl: string;
};

/** `later`: not certain, or not now; `refused`: asking again would change nothing. */
export type Handed = { kind: "sent" | "later" | "refused"; says: string };

/** Beyond these the server is taken for dead, ms. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** @returns never throws; `says` holds the server's own words, and nothing of the configuration */
export async function handOver(smtp: NonNullable<Config["smtp"]>, mail: Outgoing): Promise<Handed> {
  const transport = createTransport({ url: smtp.url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  try {
    const { response } = await transport.sendMail({
      from: { name: "Pandora", address: smtp.from },
      ...{ to: mail.to, subject: mail.subject, text: mail.text, html: mail.html, messageId: mail.messageId },
      headers: {
        // RFC 8058: one POST by the mail program itself.
        "List-Unsubscribe": { prepared: true, value: `<${mail.unsubscribeUrl}>` },
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        // RFC 3834: no "out of office" comes back.
        "Auto-Submitted": "auto-generated",
      },
    });
    return { kind: "sent", says: plain(String(response)) };
  } catch (error) {
    return readFailure(error as SmtpError);
  } finally {
    transport.close();
  }
}

/** What nodemailer throws: the server's answer, if there was one, and a code of its own. */
export type SmtpError = { code?: string; responseCode?: number; response?: string; message?: string };

/**
 * Pure. Only the server's own no (5xx) about this mail is final. A refused login is the operator's to mend, and what
 * broke off without an answer may have arrived.
 * Source: reply codes, RFC 5321 section 4.2.1
 */
export function readFailure({ code, responseCode, response }: SmtpError): Handed {
  if (code === "EAUTH") return { kind: "later", says: "The mail server refused Pandora's login. Check SMTP_URL." };
  if (responseCode !== undefined) {
    const says = `The mail server said: ${plain(response ?? String(responseCode))}`;
    return { kind: responseCode >= 500 ? "refused" : "later", says };
  }
  const what = faults[code ?? ""] ?? "The mail server could not be reached, or broke off";
  return { kind: "later", says: `${what}${code ? ` (${code})` : ""}.` };
}

const faults: Record<string, string> = {
  ETIMEDOUT: "The mail server did not answer in time",
  EDNS: "The mail server's name is not known",
  ETLS: "No secure connection to the mail server could be made",
};

function plain(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 300);
}
