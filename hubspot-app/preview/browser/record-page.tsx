/** A record as HubSpot shows it: what it holds on the left, tabs with the app's card on the right. */
import { useCallback, useEffect, useState } from "react";
import { Extension } from "./extension.tsx";
import { given, type PreviewObject, type PreviewRecord, readData } from "./given.ts";
import { isOurs, labelOf, shownFirst, textOf } from "./properties.ts";

const typeIds = { deal: "0-3", company: "0-2", contact: "0-1" } as const;
const plural = { deal: "Deals", company: "Companies", contact: "Contacts" } as const;
const about = { deal: "About this deal", company: "About this company", contact: "About this contact" } as const;

export function RecordPage({ objectType, id }: { objectType: PreviewObject; id: string }) {
  const [record, setRecord] = useState<PreviewRecord | null | "gone">(null);
  const [tab, setTab] = useState<"pandora" | "all">("pandora");
  const read = useCallback(async () => {
    setRecord((await readData<PreviewRecord>(`${objectType}/${encodeURIComponent(id)}`)) ?? "gone");
  }, [objectType, id]);
  useEffect(() => void read(), [read]);

  if (record === null) return <p className="soft pad">Loading…</p>;
  if (record === "gone") return <p className="soft pad">This record does not exist in HubSpot (any more).</p>;
  const held = Object.entries(record.properties).filter(([, value]) => value !== null && value !== "");
  return (
    <div className="record">
      <aside aria-label={about[objectType]}>
        <p className="crumbs">
          <a href={given.base}>‹ {plural[objectType]}</a>
        </p>
        <div className="record-name">
          <span className={`record-mark mark-${objectType}`} aria-hidden="true">
            {record.name.charAt(0).toUpperCase()}
          </span>
          <h1>{record.name}</h1>
        </div>
        <h2>{about[objectType]}</h2>
        <dl className="properties">
          {shownFirst(objectType)
            .filter((name) => record.properties[name])
            .map((name) => (
              <div key={name}>
                <dt>{labelOf(name)}</dt>
                <dd>{textOf(name, record.properties[name] ?? "", record)}</dd>
              </div>
            ))}
        </dl>
        <h2>Written by Pandora</h2>
        <dl className="properties" data-test-id="written">
          {held.filter(([name]) => isOurs(name)).length === 0 ? <p className="soft">Nothing yet.</p> : null}
          {held
            .filter(([name]) => isOurs(name))
            .map(([name, value]) => (
              <div key={name}>
                <dt>{labelOf(name)}</dt>
                <dd>{textOf(name, value ?? "", record)}</dd>
              </div>
            ))}
        </dl>
        {record.related.length > 0 ? <h2>Associations</h2> : null}
        <ul className="related">
          {record.related.map((each) => (
            <li key={`${each.objectType}-${each.id}`}>
              <a href={`${given.base}/${each.objectType}/${each.id}`}>{each.name}</a>
              <small>{each.objectType}</small>
            </li>
          ))}
        </ul>
      </aside>
      <section className="record-main">
        <div className="record-tabs" role="tablist">
          {(["pandora", "all"] as const).map((name) => (
            <button
              {...{ type: "button", role: "tab", key: name, "aria-selected": tab === name }}
              onClick={() => setTab(name)}
            >
              {name === "pandora" ? "Pandora" : "All properties"}
            </button>
          ))}
        </div>
        <div className="card" hidden={tab !== "pandora"}>
          <header>
            <span className="app-mark" aria-hidden="true">
              P
            </span>
            <h2>Pandora</h2>
          </header>
          <div className="card-body">
            <Extension
              {...{ bundle: "card", location: "crm.record.tab", onRefresh: () => void read() }}
              crm={{ objectId: id, objectTypeId: typeIds[objectType] }}
            />
          </div>
        </div>
        {tab === "all" ? (
          <div className="card">
            <dl className="properties card-body">
              {held.map(([name, value]) => (
                <div key={name}>
                  <dt>{labelOf(name)}</dt>
                  <dd>{textOf(name, value ?? "", record)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ) : null}
      </section>
    </div>
  );
}
