/** Elements, states and words: what every part of the page is made of. */

/** @param props attributes; `on*`: listeners; null or false: left out */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, to] of Object.entries(value)) element.style.setProperty(key, to);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Shows a part in one of its states: loading, then what `load` makes of it, else the error with a way out. */
export async function show(place, load) {
  place.setAttribute("aria-busy", "true");
  if (!place.hasChildNodes()) place.replaceChildren(say("Loading…"));
  try {
    place.replaceChildren(...[await load()].flat());
  } catch (error) {
    place.replaceChildren(
      say(
        error.message,
        h("button", { type: "button", class: "small", onclick: () => show(place, load) }, "Try again"),
      ),
    );
  } finally {
    place.removeAttribute("aria-busy");
  }
}

export function say(words, ...more) {
  return h("div", { class: "say" }, h("p", {}, words), ...more);
}

/** A row of buttons of which one is pressed. */
export function tabs(place, choices, chosen, choose) {
  place.replaceChildren(
    ...choices.map(([value, label]) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(value === chosen),
          onclick() {
            tabs(place, choices, value, choose);
            place.querySelector('[aria-pressed="true"]').focus();
            choose(value);
          },
        },
        label,
      ),
    ),
  );
}

export const crmNames = { hubspot: "HubSpot", salesforce: "Salesforce" };

export function number(n) {
  return Number(n ?? 0).toLocaleString("en-US");
}

export function money(amount, currency) {
  if (amount === null || amount === undefined) return "–";
  const options = { style: "currency", currency: currency || "EUR", maximumFractionDigits: 0 };
  return new Intl.NumberFormat("en-US", options).format(amount);
}

export function shortMoney(amount, currency) {
  const options = { style: "currency", currency: currency || "EUR", notation: "compact", maximumFractionDigits: 1 };
  return new Intl.NumberFormat("en-US", options).format(amount);
}

export function time(iso) {
  return iso ? new Date(iso).toLocaleTimeString("en-GB") : "";
}

/** "deal_risk_summary" → "Deal risk summary" */
export function spelledOut(code) {
  const words = String(code ?? "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function sum(counts) {
  return Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
}
