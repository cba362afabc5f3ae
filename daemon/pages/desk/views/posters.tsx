import type { Alert, Audience } from "../api/types";
import { useSpeech } from "../text";

const formats = ["pdf", "html", "led", "led-pdf", "script"] as const;

/** Each audience's copy as it is put up or read out. A daemon that does not say who has it gives out what may hang in the
    street. */
export function Posters({ alert: { id, audiences, suspended = [] } }: { alert: Alert }) {
  const { texts, language } = useSpeech();
  const shown: (Audience | undefined)[] = audiences?.filter((each) => !suspended.includes(each)) ?? [undefined];
  const address = (audience: Audience | undefined, format: string) => {
    const of = new URLSearchParams({ ...(audience ? { audience } : {}), format, language });
    return `/api/v1/alerts/${id}/poster?${of.toString()}`;
  };
  return (
    <div class="stack-close">
      <h3>{texts.poster.title}</h3>
      <p class="soft small">{texts.poster.hint}</p>
      {shown.map((audience) => {
        const whose = audience ? texts.audienceCopy[audience] : texts.poster.open;
        return (
          <ul key={whose} class="row" aria-label={whose}>
            <li class="small">{whose}</li>
            {formats.map((format) => (
              <li key={format}>
                <a
                  class="button button-plain button-small"
                  href={address(audience, format)}
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  {texts.poster[format]}
                  <span class="out-of-sight">{texts.aside("", whose)}</span>
                </a>
              </li>
            ))}
          </ul>
        );
      })}
    </div>
  );
}
