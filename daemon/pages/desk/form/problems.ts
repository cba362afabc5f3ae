// What is wrong with a report, field by field.
import { Refused, type NoAnswer } from "../api/call";

/** `prefix`: where the report stands in the body that was refused. */
export function errorsOf(failure: Refused | NoAnswer | null, prefix = ""): Record<string, string> {
  if (!(failure instanceof Refused)) return {};
  const errors: Record<string, string> = {};
  for (const { path, message } of failure.problem.errors ?? []) {
    const own = path.startsWith(prefix) ? path.slice(prefix.length) : path;
    errors[own] = errors[own] ? `${errors[own]} · ${message}` : message;
  }
  return errors;
}

/** To the first field of a form or a dialog that is wrong, once it is drawn. */
export function focusFirstWrong(within: "form" | "dialog" = "form"): void {
  requestAnimationFrame(() => {
    const wrong = document.querySelector<HTMLElement>(`${within} [aria-invalid="true"]`);
    const control = wrong?.matches("input, select, textarea") ? wrong : wrong?.querySelector<HTMLElement>("input");
    (control ?? document.querySelector<HTMLElement>(`${within} [role=alert]`))?.focus();
  });
}
