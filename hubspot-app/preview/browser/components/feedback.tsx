import type { Props } from "./props.ts";

const roles: Record<string, "alert" | "status"> = { danger: "alert", error: "alert", warning: "alert" };

function ProgressBar(props: Props) {
  const max = props["maxValue"] ?? props["valueMax"] ?? 100;
  const value = Math.min(max, Math.max(0, props["value"] ?? 0));
  const percent = max === 0 ? 0 : Math.round((100 * value) / max);
  return (
    <div className="progress">
      <div className="progress-top">
        <span>{props["title"]}</span>
        {props["showPercentage"] ? <b>{percent}%</b> : null}
      </div>
      <div
        {...{ className: "progress-track", role: "progressbar", "aria-valuenow": value, "aria-valuemax": max }}
        aria-label={props["aria-label"] ?? props["title"]}
      >
        <i className={`progress-${props["variant"] ?? "success"}`} style={{ width: `${percent}%` }} />
      </div>
      {props["valueDescription"] ? <small>{props["valueDescription"]}</small> : null}
    </div>
  );
}

/** HubSpot's colours: red below 25, orange below 50, yellow below 75, green from there. */
function ScoreCircle({ score }: Props) {
  const tone = score < 25 ? "#d9002b" : score < 50 ? "#fc7c00" : score < 75 ? "#e5a800" : "#00823a";
  const length = 2 * Math.PI * 26;
  return (
    <span className="score" role="img" aria-label={`Score ${Math.round(score)} of 100`}>
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle cx="32" cy="32" r="26" fill="none" stroke="#eaf0f6" strokeWidth="6" />
        <circle
          {...{ cx: 32, cy: 32, r: 26, fill: "none", stroke: tone, strokeWidth: 6, strokeLinecap: "round" }}
          strokeDasharray={`${(length * score) / 100} ${length}`}
          transform="rotate(-90 32 32)"
        />
      </svg>
      <b aria-hidden="true">{Math.round(score)}</b>
    </span>
  );
}

export const feedback = {
  Alert: ({ title, variant = "info", children }: Props) => (
    <div className={`alert alert-${variant}`} role={roles[variant] ?? "status"}>
      <b>{title}</b>
      {children ? <div>{children}</div> : null}
    </div>
  ),
  EmptyState: ({ title, children }: Props) => (
    <div className="state">
      <span className="state-picture" aria-hidden="true">
        <svg viewBox="0 0 24 24">
          <path d="M5 13l4.5 4.5L19 8" fill="none" stroke="currentcolor" strokeWidth="2.4" strokeLinecap="round" />
        </svg>
      </span>
      <h3>{title}</h3>
      {children}
    </div>
  ),
  ErrorState: ({ title, type = "error", children }: Props) => (
    <div className={`state state-${type}`} role="alert">
      <span className="state-picture" aria-hidden="true">
        {type === "lock" ? "🔒" : "!"}
      </span>
      <h3>{title}</h3>
      {children}
    </div>
  ),
  LoadingSpinner: ({ label, showLabel, layout }: Props) => (
    <div className={`loading ${layout === "centered" ? "is-centered" : ""}`} role="status" aria-label={label}>
      <i className="spinner" aria-hidden="true" />
      {showLabel ? <span>{label}</span> : null}
    </div>
  ),
  ProgressBar,
  ScoreCircle,
};
