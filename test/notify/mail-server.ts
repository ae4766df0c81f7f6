/** A real SMTP server on a port of its own, that keeps what it takes and misbehaves on request. */
import { SMTPServer } from "smtp-server";
import { afterwards } from "../support/afterwards.ts";

export type Taken = {
  to: string[];
  subject: string;
  messageId: string;
  /** By lower-case name, unfolded. */
  headers: Record<string, string>;
  text: string;
  html: string;
};

export type MailServer = {
  url: string;
  /** What it took, oldest first. */
  taken: Taken[];
  /** Mails to an address, oldest first. */
  to(address: string): Taken[];
  /**
   * The next mails are answered so: a status and text at the end, a cut line after the mail was taken (the answer is
   * lost), or a refused recipient. `null`: taken again.
   */
  answer(how: { status: number; at?: "recipient" | "data" } | "cut" | null): void;
  /** Nothing listens any more, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** @param options.login only with this password */
export async function startMailServer(options: { login?: string } = {}): Promise<MailServer> {
  const taken: Taken[] = [];
  let how: Parameters<MailServer["answer"]>[0] = null;
  let port = 0;
  let server: SMTPServer | null = null;
  const make = () =>
    new SMTPServer({
      authOptional: options.login === undefined,
      disabledCommands: ["STARTTLS"],
      onAuth: (auth, _session, done) =>
        auth.password === options.login ? done(null, { user: "pandora" }) : done(new Error("Invalid login")),
      onRcptTo: (_address, _session, done) =>
        done(how !== null && how !== "cut" && how.at === "recipient" ? refusal(how.status) : null),
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          if (how !== null && how !== "cut") return done(refusal(how.status));
          const to = session.envelope.rcptTo.map(({ address }) => address);
          taken.push({ to, ...read(Buffer.concat(parts).toString("utf8")) });
          if (how !== "cut") return done(null, "Taken, thank you");
          for (const connection of server!.connections) connection.close();
        });
      },
    });
  const mail: MailServer = {
    get url() {
      return `smtp://${options.login === undefined ? "" : `pandora:${options.login}@`}127.0.0.1:${port}`;
    },
    taken,
    to: (address) => taken.filter((one) => one.to.includes(address)),
    answer: (next) => {
      how = next;
    },
    async stop() {
      const one = server;
      server = null;
      if (one) await new Promise<void>((resolve) => one.close(resolve));
    },
    async start() {
      server = make();
      const listening = server.listen(port, "127.0.0.1");
      await new Promise<void>((resolve) => listening.once("listening", resolve));
      port = (listening.address() as { port: number }).port;
    },
  };
  await mail.start();
  afterwards(() => mail.stop());
  return mail;
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error(responseCode >= 500 ? "No such mailbox here" : "Try again later"), { responseCode });
}

/** Enough of MIME for what Pandora sends: two parts, each quoted-printable, base64 or plain. */
function read(raw: string): Omit<Taken, "to"> {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers["content-type"] ?? "")?.[1];
  if (!boundary) throw new Error(`not a mail of two parts: ${headers["content-type"]}`);
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, "")));
  const of = (type: string) => {
    const part = parts.find((one) => one.headers["content-type"]?.startsWith(type));
    return part ? decode(part.body, part.headers["content-transfer-encoding"] ?? "7bit") : "";
  };
  return {
    subject: words(headers["subject"] ?? ""),
    messageId: headers["message-id"] ?? "",
    ...{ headers, text: of("text/plain"), html: of("text/html") },
  };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { headers, body: raw.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** RFC 2047 words of a header. */
function words(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, body: string) =>
      kind.toUpperCase() === "B"
        ? Buffer.from(body, "base64").toString("utf8")
        : decode(body.replaceAll("_", " "), "quoted-printable"),
    );
}
