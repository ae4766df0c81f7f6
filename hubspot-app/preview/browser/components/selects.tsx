import { useId, useState } from "react";
import { Field } from "./inputs.tsx";
import type { Props } from "./props.ts";

type Option = {
  label: string;
  value: string | number | boolean;
  description?: string;
  readOnly?: boolean;
  readonly?: boolean;
};

function Select(props: Props) {
  const options: Option[] = props["options"] ?? [];
  return (
    <Field of={props}>
      {(given) => (
        <select
          {...given}
          disabled={props["readOnly"]}
          value={options.findIndex((option) => option.value === props["value"])}
          onChange={(event) => props["onChange"]?.(options[Number(event.target.value)]?.value)}
        >
          <option value={-1} hidden>
            {props["placeholder"] ?? "Select"}
          </option>
          {options.map(({ label, value }, at) => (
            <option key={String(value)} value={at}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Chosen ones as tags, the others in a list of check boxes that opens below. */
function MultiSelect(props: Props) {
  const options: Option[] = props["options"] ?? [];
  const chosen: Option["value"][] = props["value"] ?? [];
  const [isOpen, setOpen] = useState(false);
  const put = (value: Option["value"], on: boolean) =>
    props["onChange"]?.(on ? [...chosen, value] : chosen.filter((each) => each !== value));
  return (
    <Field of={props}>
      {(given) => (
        <div className="multi">
          <button
            {...{ ...given, type: "button", "aria-expanded": isOpen, disabled: props["readOnly"] }}
            onClick={() => setOpen(!isOpen)}
          >
            {chosen.length === 0 ? (
              <span className="placeholder">{props["placeholder"] ?? "Select"}</span>
            ) : (
              options
                .filter(({ value }) => chosen.includes(value))
                .map(({ label, value }) => (
                  <span className="chip" key={String(value)}>
                    {label}
                  </span>
                ))
            )}
          </button>
          {isOpen ? (
            <div className="multi-list">
              {options.map(({ label, value }) => (
                <label className="check" key={String(value)}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(value)}
                    onChange={(event) => put(value, event.target.checked)}
                  />
                  <span>{label}</span>
                </label>
              ))}
            </div>
          ) : null}
        </div>
      )}
    </Field>
  );
}

function Box(props: Props & { kind: "checkbox" | "radio" }) {
  const { kind, value, onChange, description, readOnly, readonly, children } = props;
  const [own, setOwn] = useState(Boolean(props["initialIsChecked"]));
  const checked = props["checked"] ?? own;
  return (
    <label className="check">
      <input
        {...{ type: kind, name: props["name"], checked, disabled: readOnly || readonly }}
        aria-label={props["aria-label"]}
        data-test-id={props["testId"]}
        onChange={(event) => {
          setOwn(event.target.checked);
          onChange?.(event.target.checked, value);
        }}
      />
      <span>
        {children}
        {description ? <small>{description}</small> : null}
      </span>
    </label>
  );
}

function Toggle(props: Props) {
  const { label, labelDisplay = "inline", readOnly, readonly, onChange, textChecked, textUnchecked } = props;
  const [own, setOwn] = useState(Boolean(props["initialIsChecked"]));
  const checked = props["checked"] ?? own;
  const beside = checked ? textChecked : textUnchecked;
  return (
    <label className={`toggle label-${labelDisplay} size-${props["size"] ?? "md"}`}>
      <span className={labelDisplay === "hidden" ? "unseen" : ""}>{label}</span>
      <input
        {...{ type: "checkbox", role: "switch", name: props["name"], checked, disabled: readOnly || readonly }}
        data-test-id={props["testId"]}
        onChange={(event) => {
          setOwn(event.target.checked);
          onChange?.(event.target.checked);
        }}
      />
      <i aria-hidden="true" />
      {beside ? <small>{beside}</small> : null}
    </label>
  );
}

function ToggleGroup(props: Props) {
  const { label, name, toggleType = "checkboxList", onChange, inline, validationMessage, error, required } = props;
  const options: Option[] = props["options"] ?? [];
  const isRadio = toggleType === "radioButtonList";
  const chosen: unknown[] = isRadio ? [props["value"]] : (props["value"] ?? []);
  const group = useId();
  return (
    <fieldset className={`field toggles ${error ? "is-wrong" : ""} ${inline ? "is-inline" : ""}`}>
      <legend>
        {label}
        {required ? <span aria-hidden="true"> *</span> : null}
      </legend>
      {options.map(({ label: says, value, description, readOnly, readonly }) => (
        <label className="check" key={String(value)}>
          <input
            {...{ type: isRadio ? "radio" : "checkbox", name: `${group}-${name}`, checked: chosen.includes(value) }}
            disabled={readOnly || readonly}
            onChange={(event) =>
              onChange?.(
                isRadio ? value : event.target.checked ? [...chosen, value] : chosen.filter((each) => each !== value),
              )
            }
          />
          <span>
            {says}
            {description ? <small>{description}</small> : null}
          </span>
        </label>
      ))}
      {validationMessage ? <em role={error ? "alert" : undefined}>{validationMessage}</em> : null}
    </fieldset>
  );
}

export const selects = {
  Select,
  MultiSelect,
  Checkbox: (props: Props) => <Box {...props} kind="checkbox" />,
  RadioButton: (props: Props) => <Box {...props} kind="radio" />,
  Toggle,
  ToggleGroup,
};
