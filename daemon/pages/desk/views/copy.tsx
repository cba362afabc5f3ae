import { Tag } from "../../design/components";
import type { Notice, Status } from "../api/types";
import { useSpeech, useTexts } from "../text";

/** A child's photo, marked where it is of an exercise. */
export function Picture({ src, status }: { src: string; status: Status }) {
  const texts = useTexts();
  return (
    <figure class="copy-photo">
      <img src={src} alt={texts.preview.photoAlt} />
      {status === "EXERCISE" && <figcaption>{texts.status.EXERCISE}</figcaption>}
    </figure>
  );
}

/** A notice as its audience reads it: the text that was composed for it, word for word. */
export function CopyCard({ notice, picture }: { notice: Notice; picture?: string | undefined }) {
  const { texts, language } = useSpeech();
  const text = notice.texts.find((each) => each.language === language) ?? notice.texts[0];
  const kind = notice.status === "ACTUAL" ? "live" : "exercise";
  return (
    <article class={`copy copy-${kind}`} aria-label={texts.audienceCopy[notice.audience]}>
      <header class="row row-apart">
        <h3>{texts.audienceCopy[notice.audience]}</h3>
        <Tag tone={kind}>{texts.status[notice.status]}</Tag>
      </header>
      {picture && <Picture src={picture} status={notice.status} />}
      <p class="copy-headline" lang={text?.language}>
        {text?.headline}
      </p>
      <p class="copy-body" lang={text?.language}>
        {text?.body}
      </p>
    </article>
  );
}

export const copyOrder = (a: Notice, b: Notice) => order.indexOf(a.audience) - order.indexOf(b.audience);
const order = ["POLICE", "PARTNER", "PUBLIC"];
