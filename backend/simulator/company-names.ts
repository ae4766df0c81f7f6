/** Words that the seeded company is made of. No real person or firm; every domain is a reserved example domain. */

export const firstNames =
  "Amara Bram Carla Daniel Elena Farid Greta Hiro Imani Jonas Keiko Liam Maya Nadia Oscar Priya Quentin Rosa Samir Tessa Umar Vera Wiktor Ximena Yusuf Zoe Aisha Bruno Chiara Dmitri Esther Felix Gwen Hannah Ivan Joana Karim Lucia Marek Noor Olga Pavel Ruth Stefan Thandi Ulla Victor Wanda".split(
    " ",
  );

export const lastNames =
  "Abara Becker Castillo Dubois Eriksen Fontaine Garcia Haddad Ivanova Jansen Kowalski Lindqvist Moreau Nakamura Okafor Petrov Quispe Rossi Silva Tanaka Ueda Vargas Weber Yilmaz Zhang Andersson Baptiste Chandra Delgado Ekström Ferrari Grant Hoffmann Iyer Jovanovic Khan Larsen Mbeki Novak Oliveira Park Reyes Schmidt Torres Vasquez Wright".split(
    " ",
  );

const firmFirst =
  "Northwind Fabrikam Contoso Adventure Tailspin Wingtip Litware Proseware Graphic Alpine Trey Lucerne Coho Fourth Humongous Margie Relecloud Woodgrove Blue Silver Cedar Granite Harbor Meridian Summit Beacon Orchard Prairie Lantern Falcon Juniper Cobalt Amber Delta Ironwood Maple Quarry Riverbend Starling Tidewater".split(
    " ",
  );

/** What a firm does, and the industry the CRM files it under (HubSpot's spelling). */
const trades: [word: string, industry: string][] = [
  ["Foods", "FOOD_PRODUCTION"],
  ["Freight", "LOGISTICS_AND_SUPPLY_CHAIN"],
  ["Software", "COMPUTER_SOFTWARE"],
  ["Retail", "RETAIL"],
  ["Health", "HOSPITAL_HEALTH_CARE"],
  ["Energy", "OIL_ENERGY"],
  ["Insurance", "INSURANCE"],
  ["Robotics", "INDUSTRIAL_AUTOMATION"],
  ["Travel", "LEISURE_TRAVEL_TOURISM"],
  ["Bank", "BANKING"],
  ["Pharma", "PHARMACEUTICALS"],
  ["Telecom", "TELECOMMUNICATIONS"],
  ["Media", "BROADCAST_MEDIA"],
  ["Learning", "E_LEARNING"],
  ["Construction", "CONSTRUCTION"],
];

export const industries = [...trades.map(([, industry]) => industry), "CONSULTING"].sort();

export const cities = [
  "Boston",
  "Chicago",
  "Denver",
  "Austin",
  "Toronto",
  "London",
  "Berlin",
  "Lyon",
  "Madrid",
  "Oslo",
];

export const titles: [title: string, seniority: string][] = [
  ["Chief Financial Officer", "executive"],
  ["Chief Technology Officer", "executive"],
  ["VP Operations", "vp"],
  ["VP Sales", "vp"],
  ["Director of Procurement", "director"],
  ["Director of IT", "director"],
  ["Head of Customer Success", "director"],
  ["Operations Manager", "manager"],
  ["IT Manager", "manager"],
  ["Business Analyst", "employee"],
  ["Project Coordinator", "employee"],
  ["Buyer", "employee"],
];

export const contactRoles = ["Decision maker", "Champion", "Budget holder", "Influencer", "End user", "Blocker"];

export const dealThemes =
  "Expansion,Renewal,Platform rollout,Pilot,Analytics add-on,New site,Seat upgrade,Support plan,Data migration,Regional rollout".split(
    ",",
  );

export const teams = ["Enterprise", "Mid-market", "Partnerships"];

/** @param index distinct for each firm; after all pairs are used a place or a number makes it unique */
export function firmName(index: number): { name: string; domain: string; industry: string } {
  const pairs = firmFirst.length * trades.length;
  const within = index % pairs;
  // A stride that shares no factor with the number of pairs: every pair comes once, neighbours look unrelated.
  const pick = (within * 67 + 11) % pairs;
  const first = firmFirst[pick % firmFirst.length]!;
  const [word, industry] = trades[Math.floor(pick / firmFirst.length)]!;
  const round = Math.floor(index / pairs);
  const place = round === 0 ? "" : ` ${cities[(round - 1) % cities.length]}`;
  const again = round > cities.length ? ` ${Math.ceil(round / cities.length)}` : "";
  const name = `${first} ${word}${place}${again}`;
  return { name, domain: `${name.toLowerCase().replaceAll(" ", "-")}.example`, industry };
}

/** Latin letters only, for an address. */
export function mailName(first: string, last: string): string {
  return `${first}.${last}`
    .normalize("NFD")
    .replace(/[^a-zA-Z.]/g, "")
    .toLowerCase();
}
