import { Banner } from "../../design/components";

interface Props {
  title: string;
  why: string;
  /** Where to go from here. */
  to: string;
  word: string;
}

/** Instead of a form whose address somebody has opened and that could not be sent: nothing is typed in vain. */
export const NotOffered = ({ title, why, to, word }: Props) => (
  <div class="stack">
    <h1 class="view-head">{title}</h1>
    <Banner tone="info" title={why}>
      <a href={to}>{word}</a>
    </Banner>
  </div>
);
