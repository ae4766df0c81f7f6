/** Rooms, resources and note-takers: they are on the list of participants, and no one. Pure. */

/** @param email lower case */
export function isNobody({ email, name }: { email: string | null; name: string | null }): boolean {
  if (email === null) return name !== null && botNames.test(name);
  const at = email.lastIndexOf("@");
  const local = email.slice(0, at).replace(/\+.*$/, "");
  const host = email.slice(at + 1);
  if (machineHosts.test(host) || machineNames.test(local)) return true;
  // People work at these companies too: only the bot's own names there are no one.
  return makers.test(host) && (botNames.test(local) || botNames.test(name ?? "") || botLocals.test(local));
}

const machineHosts = new RegExp(
  `(^|\\.)(${[
    ...["resource.calendar.google.com", "group.calendar.google.com", "group.v.calendar.google.com"],
    ...["calendar.zoom.us", "bot.recall.ai", "mail.fathom.video", "bots.gong.io", "e.read.ai", "assistant.gong.io"],
  ]
    .map((host) => host.replaceAll(".", "\\."))
    .join("|")})$`,
);

/** Before the @, at whatever company. */
const machineNames =
  /^(no-?_?reply|do-?_?not-?_?reply|donotreply|bots?|notetakers?|note-?_?taker|meeting-?bot|mailer-daemon|postmaster|calendar-?(notifications?|invites?)|room[-_.]\w+|(meeting|conference|conf)-?_?rooms?([-_.]?\w+)?)$/;

const makers =
  /(^|\.)(fireflies\.ai|otter\.ai|read\.ai|avoma\.com|fathom\.video|tldv\.io|grain\.(com|co)|gong\.io|chorus\.ai|meetgeek\.ai|sembly\.ai|supernormal\.com|krisp\.ai|airgram\.io|recall\.ai|jiminny\.com|modjo\.ai|fellow\.app|circleback\.ai|granola\.ai|zoom\.us)$/;

const botLocals = /^(fred|read|notes?|meet|meetings?|record(er|ing|ings)?|assistant|invite|calendar|join)$/;

// A bot's name stands alone or says what it does: Gong and Fathom may be a person's name too.
const botNames =
  /\bnote-?\s?takers?\b|\b(fireflies|otter|read|tldv)\.(ai|io)\b|\botterpilot\b|\bmeeting (notes )?bot\b|^(fireflies|otter|fathom|avoma|tl;?dv|meetgeek|sembly|supernormal|grain|gong|chorus|jiminny)(['’]?s?\s(ai|assistant|recorder|bot|copilot))?$/i;
