/** What is around every page: HubSpot's rail and top bar, and who sits at the screen. */
import type { ReactNode } from "react";
import { choosePerson, chosenPerson, given } from "./given.ts";

const rail = [
  { place: "", label: "Overview", path: "M3 8l6-5 6 5v7H3z" },
  { place: "home", label: "Pandora home", path: "M3 15V9h3v6zm4.5 0V3h3v12zM12 15V6h3v9z" },
  {
    place: "settings",
    label: "Pandora settings",
    path: "M9 6a3 3 0 110 6 3 3 0 010-6zM8 1h2v3H8zm0 13h2v3H8zM1 8h3v2H1zm13 0h3v2h-3z",
  },
];

const roleNames = { admin: "Admin", rep: "Sales rep", viewer: "Viewer" };

export function Frame({ place, children }: { place: string; children: ReactNode }) {
  const person = chosenPerson();
  return (
    <div className="frame">
      <nav className="rail" aria-label="HubSpot">
        <div className="rail-items">
          <a className="rail-mark" href={given.base} aria-label="HubSpot, simulated">
            <svg viewBox="0 0 18 18" aria-hidden="true">
              <path d="M12.2 6.4V4.3a1.6 1.6 0 10-1.6 0v2.1a4.5 4.5 0 00-2 .9L4 3.7a1.7 1.7 0 10-.9 1.2l4.5 3.5a4.6 4.6 0 00.1 5.2L6.3 15a1.2 1.2 0 10.9.9l1.4-1.4a4.6 4.6 0 103.6-8.1zM11.4 13a2.1 2.1 0 110-4.2 2.1 2.1 0 010 4.2z" />
            </svg>
          </a>
          {rail.map(({ place: to, label, path }) => (
            <a
              key={label}
              href={to === "" ? given.base : `${given.base}/${to}`}
              aria-label={label}
              title={label}
              aria-current={to === place ? "page" : undefined}
            >
              <svg viewBox="0 0 18 18" aria-hidden="true">
                <path d={path} />
              </svg>
            </a>
          ))}
        </div>
      </nav>
      <div className="beside">
        <header className="topbar">
          <span className="portal">
            Acme Cloud <small>Simulated HubSpot account {given.portalId}</small>
          </span>
          <label className="who">
            <span>You are</span>
            <select value={person.role} onChange={(event) => choosePerson(event.target.value)}>
              {given.people.map(({ role, firstName, lastName }) => (
                <option key={role} value={role}>
                  {`${firstName} ${lastName} (${roleNames[role]})`}
                </option>
              ))}
            </select>
          </label>
          <span className="avatar" aria-hidden="true">
            {person.firstName.charAt(0)}
            {person.lastName.charAt(0)}
          </span>
        </header>
        <main>{children}</main>
      </div>
    </div>
  );
}
