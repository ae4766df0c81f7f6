import { expect, test } from "vitest";
import { meetingKeyOf } from "../../backend/conversations/meeting-key.ts";
import { isNobody } from "../../backend/conversations/nobody.ts";
import { joinPeople, joinTellings, personOf } from "../../backend/conversations/people.ts";
import {
  addressOf,
  idOf,
  lineOf,
  minutesOf,
  momentOf,
  phoneOf,
  textOf,
  urlOf,
} from "../../backend/conversations/spellings.ts";
import { person } from "./setup.ts";

test.each([
  ["  Bob@Customer.Test ", "bob@customer.test"],
  ["bob+demo@customer.test", "bob+demo@customer.test"],
  ["Bob <bob@customer.test>", "bob@customer.test"],
  ["mailto:bob@customer.test", "bob@customer.test"],
  ["None", null],
  ["", null],
  ["bob", null],
  ["bob@customer", null],
  ["a@b.test, c@d.test", null],
  [undefined, null],
  [42, null],
])("the address %j is %j", (spelled, address) => {
  expect(addressOf(spelled)).toBe(address);
});

test.each([
  ["2026-05-04T09:30:00Z", "2026-05-04T09:30:00.000Z"],
  ["2026-05-04T11:30:00+02:00", "2026-05-04T09:30:00.000Z"],
  ["2026-05-04T11:30:00+0200", "2026-05-04T09:30:00.000Z"],
  ["2026-05-04T09:30:00.1234567", "2026-05-04T09:30:00.123Z"],
  ["2026-05-04 09:30", "2026-05-04T09:30:00.000Z"],
  ["2026-05-04", "2026-05-04T00:00:00.000Z"],
  [1_777_887_000, "2026-05-04T09:30:00.000Z"],
  [1_777_887_000_000, "2026-05-04T09:30:00.000Z"],
  ["1777887000", "2026-05-04T09:30:00.000Z"],
  ["1777887000000", "2026-05-04T09:30:00.000Z"],
  ["next Tuesday", null],
  ["0001-01-01T00:00:00Z", null],
  [Number.NaN, null],
  [null, null],
])("the moment %j is %j", (spelled, moment) => {
  expect(momentOf(spelled)).toBe(moment);
});

test("lengths come in milliseconds, seconds and minutes; nonsense is no length", () => {
  expect([minutesOf(90_000, "ms"), minutesOf("90", "s"), minutesOf(0.05, "min"), minutesOf(0, "s")]).toEqual([
    1.5, 1.5, 0.05, 0,
  ]);
  for (const none of [-1, "x", "", null, undefined, Number.POSITIVE_INFINITY, 1e12]) {
    expect(minutesOf(none, "s")).toBeNull();
  }
});

test("ids stay text: a number that has lost digits is no id", () => {
  expect([idOf("7782342274025937895"), idOf(12), idOf(2 ** 60), idOf("")]).toEqual([
    "7782342274025937895",
    "12",
    null,
    null,
  ]);
});

test("what PostgreSQL can't hold is taken out of texts", () => {
  expect(lineOf("a\u0000b\ud800c\n d")).toBe("ab\ufffdc d");
  expect(textOf("a\u0000\nb")).toBe("a\nb");
  expect(urlOf("javascript:alert(1)")).toBeNull();
  expect([phoneOf("+49 (30) 123-456"), phoneOf("12"), phoneOf("call me")]).toEqual(["+4930123456", null, null]);
});

test("one meeting has one key, whoever names it and however", () => {
  expect(meetingKeyOf({ links: ["https://acme.zoom.us/j/98765432109?pwd=x"] })).toBe("zoom:98765432109");
  expect(meetingKeyOf({ zoomId: 98765432109 })).toBe("zoom:98765432109");
  expect(meetingKeyOf({ zoomId: "987 6543 2109" })).toBe("zoom:98765432109");
  expect(meetingKeyOf({ links: ["", "Join https://meet.google.com/abc-defg-hij now"] })).toBe("meet:abc-defg-hij");
  const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_X%40thread.v2/0?context=1";
  expect(meetingKeyOf({ links: [teams] })).toBe("teams:19:meeting_x@thread.v2");
  expect(meetingKeyOf({ links: ["our office"], calendarId: "ev1" })).toBe("calendar:ev1");
  expect(meetingKeyOf({ links: [null, undefined] })).toBeNull();
});

test("one person told twice is one: by address, by number, and by name beside the one address", () => {
  const people = joinPeople([
    personOf({ email: "Bob@customer.test" }),
    personOf({ name: "Bob", email: "bob@customer.test", affiliation: "external" }),
    personOf({ name: "Eve", phone: "+1 555 0100" }),
    personOf({ phone: "+15550100", affiliation: "external" }),
    personOf({ name: "bob" }),
    personOf({ name: "Unknown", email: "None" }),
  ]);
  expect(people).toEqual([
    { name: "Bob", email: "bob@customer.test", phone: null, affiliation: "external" },
    { name: "Eve", email: null, phone: "+15550100", affiliation: "external" },
  ]);
});

test("two who share a name are two, within one telling and across two", () => {
  expect(joinPeople([person(null, "Kim"), person(null, "Kim")])).toHaveLength(2);
  expect(joinPeople([person("a@x.test", "Kim"), person("b@x.test", "Kim"), person(null, "Kim")])).toHaveLength(3);
  expect(joinTellings([[person("a@x.test", "Kim")], [person(null, "Kim"), person(null, "Kim")]])).toHaveLength(3);
  expect(joinTellings([[person("a@x.test", "Kim")], [person(null, "kim")]])).toEqual([person("a@x.test", "Kim")]);
  expect(joinTellings([[person("a@x.test", "Kim")], [person("b@x.test", "Kim")]])).toHaveLength(2);
});

test.each([
  ["room-4@resource.calendar.google.com", true],
  ["noreply@zoom.us", true],
  ["bot@somewhere.test", true],
  ["fred@fireflies.ai", true],
  ["ada@fireflies.ai", false],
  ["robert@customer.test", false],
])("%s is no one: %s", (email, nobody) => {
  expect(isNobody({ email, name: null })).toBe(nobody);
});
