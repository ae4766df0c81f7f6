/**
 * How senior a person is by the job title: English, and the commonest German, French and Spanish ones. Whole words count,
 * never parts: "Vorstandsreferent" is no Vorstand. In doubt the lower level, because it decides who is called important.
 * Pure.
 */

export type Seniority = "c_level" | "vp" | "director" | "manager" | "individual";

const titleMax = 200;

/** @returns null when there is no title, or it does not tell */
export function seniorityOf(title: string | null): Seniority | null {
  const words = withoutBosses(plain((title ?? "").slice(0, titleMax)));
  const found: Seniority[] = [];
  for (const segment of words.split(/\s*(?:[,;|&+/]|\s[-–—]\s|\b(?:and|und|et|y)\b)\s*/)) {
    // "Assistant to the CEO and CFO": what follows belongs to the boss.
    if (supports(segment)) return highest([...found, "individual"]);
    const level = levelOf(segment);
    if (level) found.push(level);
  }
  return highest(found);
}

const levels: Seniority[] = ["c_level", "vp", "director", "manager", "individual"];

function highest(found: Seniority[]): Seniority | null {
  return levels.find((level) => found.includes(level)) ?? null;
}

/** Lower case, no accents, gender forms and abbreviations in one spelling: "Geschäftsführer:in" → "geschaftsfuhrerin". */
function plain(title: string): string {
  return (
    title
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replaceAll("ß", "ss")
      // "CEO's assistant", "founder's associate": not the one who is named.
      .replace(/[\p{L}\p{N}]+[’']s(?!\p{L})/gu, " ")
      .replace(/\([^)]{0,12}\)/g, " ")
      .replace(/(\p{L})[*:_/]-?in(nen)?(?!\p{L})/gu, "$1in")
      .replace(/(\p{L}{3})[.·](trice|rice|euse|e)(?!\p{L})/gu, "$1")
      // C.E.O., V. P.
      .replace(/(?<!\p{L})(\p{L})\.\s?(?=\p{L}\b)/gu, "$1")
      .replace(/\b([cev])\s?-\s?level\b/g, "$1level")
      // Hyphens join words, except where they stand alone between two titles.
      .replace(/(\S)-(\S)/g, "$1 $2")
      .replace(/[^\p{L}\p{N},;|&+/–—\s-]/gu, " ")
      .replace(/\s+/g, " ")
      .trim()
  );
}

const boss =
  "ceo|cfo|coo|cto|cio|cmo|cro|cpo|ciso|chief|president|vice president|vp|svp|evp|managing director|director|board|head|chair(?:man|woman)?|founders?|owner|partners?|executives?|management|leadership|general manager|geschaftsfuhr\\w*|vorstands?";

const bossPhrases = [
  // "Assistant to the CEO", "reporting to our managing director"
  new RegExp(`\\bto (?:the |our |a )?(?:group |global |deputy |senior )?(?:${boss})\\b.*$`),
  /\b(?:in the )?office of\b.*$/,
  /\bfur (?:den |die )?(?:geschaftsfuhr|vorstand|ceo|cfo|cto|coo)\w*.*$/,
];

/** Without the people somebody works for. */
function withoutBosses(title: string): string {
  return bossPhrases.reduce((rest, phrase) => rest.replace(phrase, " "), title);
}

const supportWords =
  /\b(?:assistant|assistante|assistants|assistent|assistentin|assistenz|asistente|\w+assistent|\w+assistentin|\w+assistenz|intern|trainee|praktikantin|praktikant|stagiaire|alternante?|werkstudentin|werkstudent|student|apprentice|azubi|becari[oa]|\w*referentin|\w*referent|sekretarin|sekretar|secretaire de|secretari[oa] de|[ep]a)\b(?! (?:general manager|managing director|director|manager|vice president|vp|head)\b)/;

/** Helps somebody, or learns: the rank that stands beside it is another person's. */
function supports(segment: string): boolean {
  const endsAsSecretary = /\w secretary$/.test(segment) && !/\b(?:company|corporate|general) secretary$/.test(segment);
  return endsAsSecretary || supportWords.test(segment);
}

/** The first that matches decides: "vice president" before "president", "managing director" before "director". */
const patterns: [Seniority | null, RegExp][] = [
  // Of the past, or of something else than people.
  [null, /\b(?:former|formerly|ex|retired|ehemaliger?|ancien(?:ne)?|emeritus)\b/],
  ["individual", /\b(?:product|process|data|system|service|application) owner\b/],
  ["director", /\bassistant (?:managing director|director|head)\b/],
  ["manager", /\bassistant (?:general )?manager\b/],
  ["vp", /\b[sear]?vp\b|\bvice ?president[ea]?\b|\bvizeprasident(?:in)?\b/],
  ["c_level", /\b(?:ceo|cfo|coo|cto|cio|cmo|cro|cpo|cso|cdo|clo|cco|cao|chro|ciso|pdg|clevel|c suite)\b/],
  ["c_level", /\bchief(?: \w+){0,4} officer\b|\bchief (?:executive|operating|financial)\b/],
  ["c_level", /\b(?:managing|general|founding|senior|equity) partner\b|^partner$/],
  [
    "c_level",
    /\b(?:managing|non executive|board) directors?\b|\bdirect(?:eur|rice|ora?) generale?\b|\bgeneral director\b/,
  ],
  ["c_level", /\bdirectora? (?:ejecutiv[oa]|gerente)\b|\bgerente general\b|\bconsejer[oa] delegad[oa]\b/],
  [
    "c_level",
    /\b(?:geschaftsfuhr|geschaeftsfuehr)(?:er|erin|ung|ende|ender|endes)\b|\bgeschafts?leit(?:er|erin|ung)\b/,
  ],
  [
    "c_level",
    /\bvorstand\b|\bvorstands(?:vorsitzende|vorsitzender|mitglied|sprecher|sprecherin)\b|\b(?:mitglied des|des) vorstands\b/,
  ],
  [
    "c_level",
    /\b(?:co ?)?founder\b|\b(?:mit)?grunder(?:in)?\b|\bfondat(?:eur|rice)\b|\bfundadora?\b|\b(?:co ?)?owner\b/,
  ],
  ["c_level", /\binhaber(?:in)?\b|\bgerante?\b|\bpropietari[oa]\b|\bproprietaire\b|\bproprietor\b/],
  ["c_level", /\bprasident(?:in)?\b|\bpresident[ea]?\b|\bchair(?:man|woman|person)?\b(?! assistant)/],
  ["c_level", /\bboard member\b|\bmember of the board\b|\b(?:comite de direction|comex|codir)\b/],
  // A cook, a nurse and a coach lead people, but no business.
  ["manager", /\bhead (?:chef|nurse|coach|waiter|teacher|cook)\b/],
  [
    "director",
    /\bdirectors?\b|\bdirect(?:eur|rice|ora)\b|\bdirektor(?:in)?\b|\bhead\b|\bchief\b|\bgeneral counsel\b|\bgeneral manager\b/,
  ],
  ["manager", /\b(?:team|gruppen|projekt|filial|schicht|markt|bau)leit(?:er|erin|ung)\b/],
  ["director", /\b(?!\w*(?:begleit|halbleit|ableit))\w*leit(?:er|erin|ung)\b|\bprokurist(?:in)?\b|\b(?:daf|dsi|drh)\b/],
  ["individual", /\blead (?:gen|generation|qualification)\b|\bchef de (?:cuisine|partie|rang)\b/],
  ["manager", /\bmanager(?:in)?\b|\b(?:team ?)?lead(?:er)?\b|\bsupervisora?\b|\bforeman\b|\bresponsable\b/],
  ["manager", /\bjef[ea]\b|\bgerente\b|\bencargad[oa]\b|\bchef(?:fe)? d(?:e|u)?\b|\bmanageuse\b/],
  [
    "individual",
    /\b(?:engineer|developer|architect|designer|analyst|scientist|researcher|specialist|expert|consultant|advis[eo]r)s?\b/,
  ],
  [
    "individual",
    /\b(?:executive|representative|associate|coordinator|administrator|accountant|buyer|planner|recruiter)\b/,
  ],
  [
    "individual",
    /\b(?:secretary|receptionist|clerk|technician|operator|agent|officer|sdr|bdr|ae|counsel|lawyer|attorney)\b/,
  ],
  ["individual", /\b(?:teacher|nurse|doctor|writer|editor|staff|partner|programmer|tester|controller|auditor)\b/],
  [
    "individual",
    /\b\w*(?:entwickler|berater|sachbearbeiter|mitarbeiter|kaufer|verkaufer|betreuer|ingenieur|spezialist)(?:in)?\b/,
  ],
  ["individual", /\b(?:kauf(?:mann|frau)|buchhalter(?:in)?|disponent(?:in)?|techniker(?:in)?)\b/],
  [
    "individual",
    /\b(?:ingenieure?|developpeu(?:r|se)|consultante?|conseill(?:er|ere)|chargee? de?|acheteu(?:r|se)|comptable)\b/,
  ],
  ["individual", /\b(?:technicien(?:ne)?|commerciale?|vendeu(?:r|se)|juriste|redact(?:eur|rice))\b/],
  [
    "individual",
    /\b(?:ingenier[oa]|desarrollador|desarrolladora|analista|consultora?|asesora?|tecnic[oa]|comprador|compradora)\b/,
  ],
  ["individual", /\b(?:especialista|ejecutiv[oa]|vendedora?|contable|administrativ[oa]|coordinadora?)\b/],
];

function levelOf(segment: string): Seniority | null {
  return patterns.find(([, pattern]) => pattern.test(segment))?.[0] ?? null;
}
