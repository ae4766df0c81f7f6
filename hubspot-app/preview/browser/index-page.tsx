/** Where to begin: what the app shows, and records worth opening. */
import { useEffect, useState } from "react";
import { chosenPerson, given, type PreviewExample, readData } from "./given.ts";

const places = [
  {
    to: "home",
    title: "Home",
    says: "What the team should look at: calls without a deal, whose they are, week by week.",
  },
  { to: "settings", title: "Settings", says: "Which of Pandora's values are written where, and what was written." },
];
const plural = { deal: "Deals", company: "Companies", contact: "Contacts" } as const;

export function IndexPage() {
  const [examples, setExamples] = useState<PreviewExample[] | null>(null);
  useEffect(() => {
    void readData<PreviewExample[]>(`examples/${chosenPerson().role}`).then((read) => setExamples(read ?? []));
  }, []);
  return (
    <div className="index">
      <h1>Pandora inside HubSpot</h1>
      <p className="lead">
        The app’s own bundles, run as HubSpot runs them: in a worker, drawn by the page around, each request signed. The
        records are those of the simulated account. Choose who you are at the top right.
      </p>
      <div className="index-places">
        {places.map(({ to, title, says }) => (
          <a key={to} className="index-place" href={`${given.base}/${to}`}>
            <b>{title}</b>
            <span>{says}</span>
          </a>
        ))}
      </div>
      <div className="index-records">
        {(["deal", "company", "contact"] as const).map((objectType) => (
          <section key={objectType}>
            <h2>{plural[objectType]}</h2>
            {examples === null ? <p className="soft">Loading…</p> : null}
            <ul>
              {(examples ?? [])
                .filter((each) => each.objectType === objectType)
                .map(({ id, name, why }) => (
                  <li key={id}>
                    <a href={`${given.base}/${objectType}/${id}`}>{name}</a>
                    <small>{why}</small>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
