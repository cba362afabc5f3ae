import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What ties a control to its label, its hint and what is wrong with it. */
export interface ControlAttributes {
  id: string;
  name: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
}

interface FieldProps {
  /** Unique on the page; the JSON path of the field where there is one, so that a refusal finds it. */
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** The word for "required", where it is. */
  needed?: string | undefined;
}

export const idOf = (name: string) => `field-${name}`;

function described(props: FieldProps): string | undefined {
  const ids = [props.hint && `${idOf(props.name)}-hint`, props.error && `${idOf(props.name)}-error`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

export function attributesOf(props: FieldProps): ControlAttributes {
  const by = described(props);
  return {
    id: idOf(props.name),
    name: props.name,
    ...(by ? { "aria-describedby": by } : {}),
    ...(props.error ? { "aria-invalid": true } : {}),
    ...(props.needed ? { "aria-required": true } : {}),
  };
}

function Remarks(props: FieldProps) {
  return (
    <>
      {props.hint && (
        <span class="field-hint" id={`${idOf(props.name)}-hint`}>
          {props.hint}
        </span>
      )}
      {props.error && (
        <span class="field-error" id={`${idOf(props.name)}-error`}>
          {props.error}
        </span>
      )}
    </>
  );
}

const Needed = ({ word }: { word: string | undefined }) => (word ? <span class="field-needed">{word}</span> : null);

export function Field(props: FieldProps & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={idOf(props.name)}>
        {props.label}
        <Needed word={props.needed} />
      </label>
      {props.children}
      <Remarks {...props} />
    </div>
  );
}

/** The fields of one thing that is sent: while it is under way nothing is changed in them, because it would not go with
    it. Disabling takes the focus from what has it; afterwards it is there again, unless something else has got it. */
export function FieldSet({ busy, children }: { busy: boolean; children: ComponentChildren }) {
  const left = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (busy) return;
    if (document.activeElement === document.body) left.current?.focus();
    left.current = null;
  }, [busy]);
  return (
    <fieldset
      class="bare stack"
      role="presentation"
      disabled={busy}
      onFocusOut={({ currentTarget, target }) => {
        if (currentTarget.disabled) left.current = target as HTMLElement;
      }}
    >
      {children}
    </fieldset>
  );
}

type InputProps = FieldProps & {
  value: string;
  onValue: (value: string) => void;
  type?: "text" | "number" | "date" | "datetime-local" | "tel";
  inputMode?: "text" | "numeric" | "decimal" | "tel";
  min?: string | undefined;
  max?: string | undefined;
  step?: string;
  maxLength?: number;
  /** The field was left. */
  onDone?: () => void;
};

export function TextField(props: InputProps) {
  const { type = "text", inputMode, min, max, step, maxLength, onDone } = props;
  const limits: JSX.InputHTMLAttributes<HTMLInputElement> = {};
  if (inputMode) limits.inputMode = inputMode;
  if (min) limits.min = min;
  if (max) limits.max = max;
  if (step) limits.step = step;
  if (maxLength) limits.maxLength = maxLength;
  return (
    <Field {...props}>
      <input
        {...attributesOf(props)}
        {...limits}
        class="input"
        type={type}
        // What was typed about a child is not for the browser's memory.
        autocomplete="off"
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
        {...(onDone ? { onBlur: onDone } : {})}
      />
    </Field>
  );
}

export function TextArea(props: FieldProps & { value: string; onValue: (value: string) => void; rows?: number }) {
  return (
    <Field {...props}>
      <textarea
        {...attributesOf(props)}
        class="input"
        rows={props.rows ?? 3}
        autocomplete="off"
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
  tone?: "live" | "exercise";
}

export function Select(props: FieldProps & { value: string; onValue: (value: string) => void; options: Option[] }) {
  return (
    <Field {...props}>
      <select
        {...attributesOf(props)}
        class="input"
        value={props.value}
        onChange={(event) => props.onValue(event.currentTarget.value)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** One of a few, all of them in sight. */
export function Choices(props: FieldProps & { value: string; onValue: (value: string) => void; options: Option[] }) {
  const { value, onValue, options } = props;
  const attributes = attributesOf(props);
  return (
    <div class="field">
      <span class="field-legend" id={`${attributes.id}-label`}>
        {props.label}
        <Needed word={props.needed} />
      </span>
      <div
        class="choices"
        role="radiogroup"
        aria-labelledby={`${attributes.id}-label`}
        aria-describedby={attributes["aria-describedby"]}
        aria-invalid={attributes["aria-invalid"]}
        aria-required={attributes["aria-required"]}
      >
        {options.map((option, index) => (
          <label key={option.value} class={`choice${option.tone ? ` choice-${option.tone}` : ""}`}>
            <input
              type="radio"
              id={index === 0 ? attributes.id : undefined}
              name={attributes.name}
              value={option.value}
              checked={value === option.value}
              onChange={() => onValue(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      <Remarks {...props} />
    </div>
  );
}

/** Any of a few, all of them in sight. What is wrong with the choice is tied to each, so that a refusal finds the first. */
export function Ticks(props: FieldProps & { chosen: string[]; onChosen: (chosen: string[]) => void; options: Option[] }) {
  const { chosen, onChosen, options } = props;
  const { id, ...attributes } = attributesOf(props);
  const put = (value: string, on: boolean) =>
    onChosen(options.map((option) => option.value).filter((each) => (each === value ? on : chosen.includes(each))));
  return (
    <div class="field">
      <span class="field-legend" id={`${id}-label`}>
        {props.label}
      </span>
      <div class="choices" role="group" aria-labelledby={`${id}-label`}>
        {options.map(({ value, label }, index) => (
          <label key={value} class="choice">
            <input
              {...attributes}
              type="checkbox"
              id={index === 0 ? id : undefined}
              value={value}
              checked={chosen.includes(value)}
              onChange={(event) => put(value, event.currentTarget.checked)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <Remarks {...props} />
    </div>
  );
}

export function Tick(props: { name: string; label: string; checked: boolean; onValue: (on: boolean) => void; fixed?: boolean }) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        id={idOf(props.name)}
        name={props.name}
        checked={props.checked}
        disabled={props.fixed}
        onChange={(event) => props.onValue(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}
