/** One structured logger. Never log a token, a value of a record, an e-mail address or a transcript. */
import { pino } from "pino";

export type Logger = {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
};

const redacted = ["*.access_token", "*.refresh_token", "*.authorization", "*.client_secret", "*.code"];

/** @param level pino level name; "silent" in tests */
export function createLogger(level: string): Logger {
  const out = pino({ level, redact: { paths: redacted, censor: "[redacted]" }, base: undefined });
  return {
    debug: (event, fields) => out.debug(fields ?? {}, event),
    info: (event, fields) => out.info(fields ?? {}, event),
    warn: (event, fields) => out.warn(fields ?? {}, event),
    error: (event, fields) => out.error(fields ?? {}, event),
  };
}
