/** Fields. They keep what is typed themselves, as HubSpot's do: the way through the worker takes a moment, and letters must not get lost. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Props } from "./props.ts";

export function Field(props: { of: Props; children: (given: Record<string, unknown>) => ReactNode }) {
  const { of, children } = props;
  const id = useId();
  const message = of["validationMessage"];
  const told = [of["description"] ? `${id}-d` : "", message ? `${id}-m` : ""].filter(Boolean).join(" ");
  return (
    <div className={`field ${of["error"] ? "is-wrong" : ""}`}>
      {of["label"] ? (
        <label htmlFor={id}>
          {of["label"]}
          {of["required"] ? <span aria-hidden="true"> *</span> : null}
        </label>
      ) : null}
      {of["tooltip"] ? <small className="field-tip">{of["tooltip"]}</small> : null}
      {of["description"] ? <small id={`${id}-d`}>{of["description"]}</small> : null}
      {children({
        id,
        name: of["name"],
        className: "control",
        "data-test-id": of["testId"],
        "aria-invalid": of["error"] || undefined,
        "aria-required": of["required"] || undefined,
        "aria-describedby": told || undefined,
        "aria-label": of["label"] ? undefined : of["name"],
      })}
      {message ? (
        <em id={`${id}-m`} role={of["error"] ? "alert" : undefined}>
          {message}
        </em>
      ) : null}
    </div>
  );
}

/** @returns the text shown, and how it is changed; a value set by the app replaces what stands there */
function useOwnText(given: unknown, usual: unknown) {
  const textOf = (value: unknown) => (value === null || value === undefined ? "" : String(value));
  const [shown, setShown] = useState(textOf(given ?? usual));
  const told = useRef(textOf(given));
  useEffect(() => {
    if (textOf(given) === told.current) return;
    told.current = textOf(given);
    setShown(textOf(given));
  });
  const change = (text: string) => {
    // What the app will answer with: not news then.
    told.current = text;
    setShown(text);
  };
  return { shown, change };
}

function TextField(props: Props & { kind: "text" | "search" | "area" }) {
  const { kind, onInput, onChange, onBlur, onFocus, readOnly, placeholder, rows, maxLength } = props;
  const { shown, change } = useOwnText(props["value"], props["defaultValue"]);
  return (
    <Field of={props}>
      {(given) => {
        const common = {
          ...{ ...given, value: shown, placeholder, readOnly },
          onChange: (event: { target: { value: string } }) => {
            change(event.target.value);
            onInput?.(event.target.value);
          },
          // HubSpot tells of a change when the field is left.
          onBlur: () => {
            onChange?.(shown);
            onBlur?.(shown);
          },
          onFocus: () => onFocus?.(shown),
        };
        if (kind === "area") return <textarea {...common} rows={rows ?? 3} maxLength={maxLength} />;
        return <input {...common} type={kind === "search" ? "search" : (props["type"] ?? "text")} autoComplete="off" />;
      }}
    </Field>
  );
}

function NumberField(props: Props) {
  const { onInput, onChange, onBlur, min, max, readOnly, placeholder, currency, stepSize } = props;
  const { shown, change } = useOwnText(props["value"], props["defaultValue"]);
  const cast = (text: string) => (text.trim() === "" ? undefined : Number(text));
  return (
    <Field of={props}>
      {(given) => (
        <span className="with-unit">
          {currency ? <i aria-hidden="true">{currency}</i> : null}
          <input
            {...{ ...given, type: "number", step: stepSize ?? "any", value: shown, min, max, readOnly, placeholder }}
            onChange={(event) => {
              change(event.target.value);
              const value = cast(event.target.value);
              onInput?.(value);
              onChange?.(value);
            }}
            onBlur={() => onBlur?.(cast(shown))}
          />
        </span>
      )}
    </Field>
  );
}

type Day = { year: number; month: number; date: number };

const isoOf = (day: Day | null | undefined) =>
  day ? `${day.year}-${String(day.month + 1).padStart(2, "0")}-${String(day.date).padStart(2, "0")}` : "";

function DateField(props: Props) {
  const { onChange, onBlur, readOnly, min, max } = props;
  const { shown, change } = useOwnText(isoOf(props["value"]), isoOf(props["defaultValue"]));
  const dayOf = (text: string) => {
    const [year, month, date] = text.split("-").map(Number);
    return year && month && date ? { year, month: month - 1, date, formattedDate: text } : null;
  };
  return (
    <Field of={props}>
      {(given) => (
        <input
          {...{ ...given, type: "date", value: shown, readOnly, min: isoOf(min), max: isoOf(max) }}
          onChange={(event) => {
            change(event.target.value);
            onChange?.(dayOf(event.target.value));
          }}
          onBlur={() => onBlur?.(dayOf(shown))}
        />
      )}
    </Field>
  );
}

function TimeField(props: Props) {
  const text = (at: { hours: number; minutes: number } | undefined) =>
    at ? `${String(at.hours).padStart(2, "0")}:${String(at.minutes).padStart(2, "0")}` : "";
  const { shown, change } = useOwnText(text(props["value"]), text(props["defaultValue"]));
  return (
    <Field of={props}>
      {(given) => (
        <input
          {...{ ...given, type: "time", value: shown, readOnly: props["readOnly"] }}
          onChange={(event) => {
            change(event.target.value);
            const [hours, minutes] = event.target.value.split(":").map(Number);
            if (hours !== undefined && minutes !== undefined) props["onChange"]?.({ hours, minutes });
          }}
        />
      )}
    </Field>
  );
}

export const inputs = {
  Input: (props: Props) => <TextField {...props} kind="text" />,
  SearchInput: (props: Props) => <TextField {...props} kind="search" />,
  TextArea: (props: Props) => <TextField {...props} kind="area" />,
  Textarea: (props: Props) => <TextField {...props} kind="area" />,
  NumberInput: NumberField,
  CurrencyInput: NumberField,
  StepperInput: NumberField,
  DateInput: DateField,
  TimeInput: TimeField,
  Form: ({ onSubmit, children }: Props) => (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit?.({ targetValue: Object.fromEntries(new FormData(event.currentTarget)) });
      }}
    >
      {children}
    </form>
  ),
};
