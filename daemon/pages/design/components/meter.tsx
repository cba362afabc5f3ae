interface Props {
  label: string;
  value: number;
  of: number;
  tone?: "good" | "warn" | "action";
}

/** How many of how many, as a bar and in figures. */
export function Meter({ label, value, of, tone = "good" }: Props) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  return (
    <div class={`meter meter-${tone}`}>
      <div
        class="meter-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={Math.min(value, of)}
        aria-valuetext={`${value} / ${of}`}
      >
        <div class="meter-fill" style={{ width: `${share * 100}%` }} />
      </div>
      <span class="number small" aria-hidden="true">
        {value} / {of}
      </span>
    </div>
  );
}
