/** A port of PandoraSight.cls: drops from an answer every record that the user can't see. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Content = { [name: string]: Json };

const about = ["crm_record_id", "crm_id"];
const mentions: Record<string, string> = { deal_crm_id: "deal_url", contact_crm_id: "contact_url" };
const ids = "contacts_to_associate";

/** @returns the pruned answer; null: as a whole it is about a record that the user can't see */
export function keepVisible(answer: unknown, canSee: (id: string) => boolean): unknown {
  const sees = (id: Json | undefined) => typeof id === "string" && isId(id) && canSee(id);

  const hides = (content: Content): boolean => {
    if (about.some((name) => (content[name] ?? null) !== null && !sees(content[name]))) return true;
    const { conversation_id: call, companies } = content;
    if (!call || !Array.isArray(companies) || companies.length === 0) return false;
    return !companies.some((company) => sees((company as Content)["crm_id"]));
  };

  const prune = (node: Json): Json => {
    if (Array.isArray(node)) return node.filter((item) => !(isContent(item) && hides(item))).map(prune);
    if (!isContent(node)) return node;
    const kept: Content = {};
    const gone = new Set<string>();
    for (const [name, value] of Object.entries(node)) {
      if (mentions[name] && value !== null && !sees(value)) {
        kept[name] = null;
        gone.add(mentions[name]);
      } else if (name === ids && Array.isArray(value)) kept[name] = value.filter((id) => sees(id));
      else if (isContent(value) && hides(value)) kept[name] = null;
      else kept[name] = prune(value);
    }
    for (const name of gone) kept[name] = null;
    return kept;
  };

  const given = answer as Json;
  return isContent(given) && hides(given) ? null : prune(given);
}

function isId(text: string): boolean {
  return /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text);
}

function isContent(node: Json | undefined): node is Content {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
