/** Reads the part of SOQL that Pandora speaks, strictly: anything else is MALFORMED_QUERY, so that an injected quote shows. */
import { ApiError } from "./org.ts";

export type SoqlValue = {
  kind: "string" | "number" | "boolean" | "date" | "datetime";
  value: string | number | boolean;
} | null;
export type SoqlCondition =
  | { kind: "and" | "or"; parts: SoqlCondition[] }
  | { kind: "not"; part: SoqlCondition }
  | { kind: "compare"; field: string; op: string; value: SoqlValue }
  | { kind: "in"; field: string; not: boolean; values: SoqlValue[] };
export type SoqlQuery = {
  fields: string[];
  children: SoqlQuery[];
  from: string;
  where: SoqlCondition | null;
  orderBy: { field: string; descending: boolean }[];
  limit: number | null;
  offset: number;
  count: boolean;
};

type Token = { kind: "word" | "string" | "number" | "date" | "datetime" | "sign"; text: string; at: number };

/** @throws ApiError 400 MALFORMED_QUERY with the row and column */
export function parseSoql(text: string): SoqlQuery {
  const tokens = tokenise(text);
  let at = 0;
  const query = select();
  if (at < tokens.length) throw malformed(text, tokens[at]);
  return query;

  function select(): SoqlQuery {
    expect("select");
    const fields: string[] = [];
    const children: SoqlQuery[] = [];
    let count = false;
    do {
      if (take("(")) {
        children.push(select());
        expect(")");
      } else if (peekWord("count") && tokens[at + 1]?.text === "(") {
        at += 2;
        expect(")");
        count = true;
      } else fields.push(word());
    } while (take(","));
    expect("from");
    const from = word();
    const where = take("where") ? or() : null;
    return {
      fields,
      children,
      from,
      where,
      orderBy: order(),
      limit: whole("limit"),
      offset: whole("offset") ?? 0,
      count,
    };
  }

  function order(): SoqlQuery["orderBy"] {
    const by: SoqlQuery["orderBy"] = [];
    if (!take("order")) return by;
    expect("by");
    do {
      const field = word();
      const descending = take("desc");
      if (!descending) take("asc");
      if (take("nulls") && !take("first")) expect("last");
      by.push({ field, descending });
    } while (take(","));
    return by;
  }

  function or(): SoqlCondition {
    const parts = [and()];
    while (take("or")) parts.push(and());
    return parts.length === 1 ? (parts[0] as SoqlCondition) : { kind: "or", parts };
  }

  function and(): SoqlCondition {
    const parts = [unary()];
    while (take("and")) parts.push(unary());
    return parts.length === 1 ? (parts[0] as SoqlCondition) : { kind: "and", parts };
  }

  function unary(): SoqlCondition {
    if (take("not")) return { kind: "not", part: unary() };
    if (take("(")) {
      const inner = or();
      expect(")");
      return inner;
    }
    const field = word();
    const not = take("not");
    if (not || peekWord("in")) {
      expect("in");
      expect("(");
      const values = [value()];
      while (take(",")) values.push(value());
      expect(")");
      return { kind: "in", field, not, values };
    }
    const token = tokens[at++];
    const op = token?.text.toLowerCase() ?? "";
    if (!["=", "!=", "<>", "<", ">", "<=", ">=", "like", "includes"].includes(op)) throw malformed(text, token);
    return { kind: "compare", field, op, value: value() };
  }

  function value(): SoqlValue {
    const token = tokens[at++];
    if (!token || token.kind === "sign") throw malformed(text, token);
    if (token.kind === "word") {
      const known = token.text.toLowerCase();
      if (known === "null") return null;
      if (known === "true" || known === "false") return { kind: "boolean", value: known === "true" };
      throw malformed(text, token);
    }
    return { kind: token.kind, value: token.kind === "number" ? Number(token.text) : token.text };
  }

  function whole(name: string): number | null {
    if (!take(name)) return null;
    const token = tokens[at++];
    if (token?.kind !== "number" || !/^\d+$/.test(token.text)) throw malformed(text, token);
    return Number(token.text);
  }

  function word(): string {
    const token = tokens[at++];
    if (token?.kind !== "word") throw malformed(text, token);
    return token.text;
  }

  function take(what: string): boolean {
    const token = tokens[at];
    if (!token || token.kind === "string" || token.text.toLowerCase() !== what) return false;
    at += 1;
    return true;
  }

  function expect(what: string): void {
    if (!take(what)) throw malformed(text, tokens[at]);
  }

  function peekWord(what: string): boolean {
    return tokens[at]?.kind === "word" && tokens[at]?.text.toLowerCase() === what;
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 40);
    const space = /^\s+/.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    if (text[at] === "'") {
      const { value, end } = readString(text, at);
      tokens.push({ kind: "string", text: value, at });
      at = end;
      continue;
    }
    const long = text.slice(at, at + 300);
    const match =
      matched("datetime", /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})/, long) ??
      matched("date", /^\d{4}-\d{2}-\d{2}/, long) ??
      matched("number", /^[+-]?\d+(\.\d+)?/, long) ??
      matched("word", /^[A-Za-z_][A-Za-z0-9_.]*/, long) ??
      matched("sign", /^(<=|>=|!=|<>|[=<>(),])/, long);
    if (!match) throw malformed(text, { kind: "sign", text: text[at] ?? "", at });
    tokens.push({ ...match, at });
    at += match.text.length;
  }
  return tokens;
}

function matched(kind: Token["kind"], pattern: RegExp, text: string): { kind: Token["kind"]; text: string } | null {
  const found = pattern.exec(text);
  return found ? { kind, text: found[0] } : null;
}

/** Escapes of % and _ are kept as they stand: LIKE reads them. */
function readString(text: string, start: number): { value: string; end: number } {
  const plain: Record<string, string> = {
    n: "\n",
    r: "\r",
    t: "\t",
    b: "\b",
    f: "\f",
    '"': '"',
    "'": "'",
    "\\": "\\\\",
  };
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "'") return { value, end: at + 1 };
    if (sign !== "\\") {
      value += sign;
      continue;
    }
    at += 1;
    const next = text[at] ?? "";
    if (next === "%" || next === "_") value += `\\${next}`;
    else if (plain[next.toLowerCase()] !== undefined) value += plain[next.toLowerCase()];
    else throw malformed(text, { kind: "string", text: `\\${next}`, at });
  }
  throw malformed(text, { kind: "string", text: text.slice(start), at: start });
}

function malformed(text: string, token: Token | undefined): ApiError {
  const column = (token?.at ?? text.length) + 1;
  const words = token ? `unexpected token: '${token.text.slice(0, 40)}'` : "unexpected token: '<EOF>'";
  const around = text.slice(Math.max(0, column - 20), column + 20);
  return new ApiError(
    400,
    "MALFORMED_QUERY",
    `\n${around}\n${" ".repeat(Math.min(19, column - 1))}^\nERROR at Row:1:Column:${column}\n${words}`,
  );
}
